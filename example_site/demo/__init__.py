"""The demo's company: its register of Instances, and what is shown of it."""
