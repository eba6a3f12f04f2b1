"""Register files: what is known of Partners, Instances, plans and usage, imported as facts with their days."""
