"""The curriculum engine: which milestones there are, which of them are on, and the pages and the command about them."""
