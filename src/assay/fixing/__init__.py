"""What `assay fix` changes in .env files: pure, from texts and findings to proved edits."""
