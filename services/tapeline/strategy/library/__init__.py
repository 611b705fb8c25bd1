"""The strategies that come with Tapeline, one file each; a new file here is found by itself."""
