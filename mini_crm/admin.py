"""What only the advanced profile shows in the admin; found there because `mini_crm` is an installed app then."""

from clients.webhooks import admin as webhooks

__all__ = ["webhooks"]
