"""Where the wiki's repository is kept for others to look at: GitHub, GitLab, Gitea or Forgejo, by their interfaces.

Each is asked for the same few things (`models.Forge`): the text of a file, and a branch with one commit and a pull
request. docs/about/decisions/0015-forges.md says why there is no library for it.
"""
