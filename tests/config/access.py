IN_THE_DEMO = "Exists with DEMO=1 only, which refuses to run on a public address."
PUBLIC = dict.fromkeys(["demo:login", "demo:mailbox", "demo:mail"], IN_THE_DEMO)
