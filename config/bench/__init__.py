"""What script/bench measures: the portal beside the bare engine, in the same run."""
