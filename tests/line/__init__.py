"""Bad lines between a child and her class: cut, lossy, narrow; each a real network between namespaces."""
