"""Models on the Hugging Face Hub: publish, search, fetch and check.

The client `huggingface_hub` is imported on first use.
"""
