"""Pictures from strangers: decoded in a process of its own, whose time and memory are bounded whatever it is sent."""
