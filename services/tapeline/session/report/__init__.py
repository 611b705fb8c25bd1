"""The HTML report of a run: gather (stream the files), equity and charts (pure), page."""
