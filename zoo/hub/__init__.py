"""Models on the Hugging Face Hub: published, searched, fetched and checked.

The client `huggingface_hub` is imported when something is asked of the Hub, not before.
"""
