"""Who: accounts, users, their roles, and the tokens their programs carry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

SETUP_LINK_LIFE = timedelta(days=7)
INVITATION_LIFE = timedelta(days=7)
CONNECTION_LIFE = timedelta(minutes=10)


class Account(models.Model):
    """One organisation. Everything else belongs to exactly one account."""

    name = models.CharField(max_length=190)
    week_start = models.PositiveSmallIntegerField(
        default=1, help_text="0 is Sunday, 1 is Monday, 6 is Saturday"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users; allauth and Django's commands expect this face."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:  # noqa: ANN401
        """Store a user. Without a password the user can only come in by a reset link or a token."""
        user = self.model(email=self.normalize_email(email).strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. Times are shown, and days begin, in the user's own time zone."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=190)
    timezone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(
        max_length=8, default="", blank=True, help_text="Empty: what the browser asks for"
    )
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def zone(self) -> ZoneInfo:
        """The user's time zone."""
        return ZoneInfo(self.timezone)

    def get_full_name(self) -> str:
        """Return the name, as allauth and mails address the person."""
        return self.name


class Role(models.TextChoices):
    """What a member may do. Administrators hold integrations, roles and settings; Managers the task tree."""

    ADMINISTRATOR = "administrator", "Administrator"
    MANAGER = "manager", "Manager"
    MEMBER = "member", "Member"


class Membership(models.Model):
    """A user's one place in an account."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_membership_role")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class ApiToken(models.Model):
    """A token for programs. Only its digest is kept; the token itself is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=190)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} (…{self.hint})"


class SetupLink(models.Model):
    """The one-time link that makes the first Administrator of an empty installation."""

    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"setup link of {self.created_at:%Y-%m-%d}"


class Invitation(models.Model):
    """Somebody asked to join an account. Open until it is accepted; a revoked one is deleted.

    The token of its link is worked out from the id and `nonce` (see `links.token_of`), so that it can be
    shown again and is stored nowhere; `digest` finds it. `problem` says why the last mail did not go out.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    nonce = models.CharField(max_length=43)
    digest = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  (null until the id is known)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    problem = models.TextField(default="", blank=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], name="accounts_invitation_due")]
        constraints = [
            models.UniqueConstraint(
                "account",
                Lower("email"),
                condition=models.Q(accepted_at=None),
                name="accounts_invitation_open",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_invitation_role"),
        ]

    def __str__(self) -> str:
        return f"{self.email} invited to {self.account}"


class Program(models.TextChoices):
    """What kind of program asks to be connected."""

    EXTENSION = "extension", "Browser extension"
    DESKTOP = "desktop", "Desktop app"
    CLI = "cli", "Command line"
    MOBILE = "mobile", "Mobile app"
    API = "api", "Another program"


class Connection(models.Model):
    """A program that waits until somebody signed in allows it to act for them; gone once it has its token.

    The program proves by a secret that it is the one that asked, the person finds it by a short code; neither is
    stored as it is.
    """

    digest = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(max_length=64, unique=True)
    client = models.CharField(max_length=16, choices=Program.choices)
    name = models.CharField(max_length=190)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    allowed = models.BooleanField(null=True, help_text="Null: nobody has answered")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(client__in=Program.values), name="accounts_connection_client"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.client})"


class CacheRow(models.Model):
    """A row of Django's cache in the database: what is counted against a limit, by all processes together."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_cache"

    def __str__(self) -> str:
        return self.cache_key


class AuditEntry(models.Model):
    """One act of an Administrator: who did what, to whom or what, and when. Nothing changes or deletes it."""

    class Act(models.TextChoices):
        """What was done."""

        ROLE = "role", _("changed the role of")
        DISABLE = "disable", _("disabled")
        ENABLE = "enable", _("enabled again")
        INVITE = "invite", _("invited")
        RESEND = "resend", _("invited again")
        REVOKE = "revoke", _("took back the invitation of")
        ACCOUNT = "account", _("changed the account")
        TOGGL_ENABLE = "toggl_enable", _("enabled Toggl as")
        TOGGL_REENABLE = "toggl_reenable", _("enabled Toggl again as")
        TOGGL_SELECT = "toggl_select", _("selected Toggl workspaces")
        TOGGL_KEEP = "toggl_keep", _("changed how Toggl is kept in sync")
        TOGGL_UNLINK = "toggl_unlink", _("unlinked Toggl")
        EXPORT = "export", _("exported the account")
        IMPORT = "import", _("imported")
        RATE = "rate", _("changed a rate of")
        BUDGET = "budget", _("changed the budget of")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(auto_now_add=True)
    done_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    act = models.CharField(max_length=20, choices=Act.choices)
    about = models.TextField(default="", blank=True)
    before = models.TextField(default="", blank=True)
    after = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="accounts_audit_newest")]

    def __str__(self) -> str:
        return f"{self.act} {self.about}"
