"""The app: the only home of Gradio. What it shows is computed in the packages below it."""
