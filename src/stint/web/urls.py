"""The addresses of the pages."""

from __future__ import annotations

from allauth.account.views import login
from django.urls import URLPattern, URLResolver, include, path

from stint.web import settings_urls
from stint.web.views import calendar, entries, integrations, projects, session, setup, timesheet, toggl, week

urlpatterns: list[URLPattern | URLResolver] = [
    path("", timesheet.timesheet, name="timesheet"),
    path("timesheet/days", timesheet.days, name="timesheet_days"),
    path("timesheet/add", entries.add, name="add_entry"),
    path("timesheet/edit", entries.edit_many, name="edit_entries"),
    path("timesheet/delete", entries.delete_many, name="delete_entries"),
    path("timesheet/restore", entries.restore_many, name="restore_entries"),
    path("timesheet/<uuid:entry_id>", entries.row, name="entry_row"),
    path("timesheet/<uuid:entry_id>/edit", entries.edit, name="edit_entry"),
    path("timesheet/<uuid:entry_id>/continue", entries.go_on, name="continue_entry"),
    path("timesheet/<uuid:entry_id>/duplicate", entries.duplicate, name="duplicate_entry"),
    path("timesheet/<uuid:entry_id>/split", entries.split, name="split_entry"),
    path("timesheet/<uuid:entry_id>/delete", entries.delete, name="delete_entry"),
    path("timesheet/week", week.week, name="timesheet_week"),
    path("timesheet/week/grid", week.grid, name="week_grid"),
    path("timesheet/week/cell", week.cell, name="week_cell"),
    path("timesheet/week/save", week.save, name="week_save"),
    path("timesheet/week/undo", week.undo, name="week_undo"),
    path("timesheet/calendar", calendar.calendar, name="timesheet_calendar"),
    path("projects", projects.projects, name="projects"),
    path("projects/tree", projects.tree, name="project_tree"),
    path("projects/archived", projects.archived, name="projects_archived"),
    path("projects/new", projects.create, name="create_task"),
    path("projects/<int:task_id>/rename", projects.rename, name="rename_task"),
    path("projects/<int:task_id>/move", projects.move, name="move_task"),
    path("projects/<int:task_id>/archive", projects.archive, name="archive_task"),
    path("projects/<int:task_id>/restore", projects.restore, name="restore_task"),
    path("projects/<int:task_id>/people", projects.people, name="task_people"),
    path("projects/<int:task_id>/people/<int:user_id>/remove", projects.unassign, name="unassign"),
    path("integrations", integrations.catalogue, name="integrations"),
    path("integrations/toggl", toggl.toggl, name="toggl"),
    path("integrations/toggl/enable", toggl.enable, name="toggl_enable"),
    path("integrations/toggl/reenable", toggl.reenable, name="toggl_reenable"),
    path("integrations/toggl/preview", toggl.preview, name="toggl_preview"),
    path("integrations/toggl/save", toggl.save, name="toggl_save"),
    path("integrations/toggl/sync", toggl.sync, name="toggl_sync"),
    path("integrations/toggl/run", toggl.run, name="toggl_run"),
    path("integrations/toggl/confirm", toggl.confirm, name="toggl_confirm"),
    path("integrations/toggl/details", toggl.details, name="toggl_details"),
    path("integrations/toggl/runs/<int:run_id>", toggl.changes, name="toggl_changes"),
    path("integrations/toggl/keep-in-sync", toggl.keep_in_sync, name="toggl_keep"),
    path("integrations/toggl/unlink", toggl.unlink, name="toggl_unlink"),
    path("setup/<str:token>", setup.setup, name="setup"),
    *settings_urls.redirects,
    path("accounts/", include("allauth.urls")),
    *settings_urls.urlpatterns,
    # After allauth's own, so that reversing the name gives this address.
    path("login", login, name="account_login"),
    path("logout", session.sign_out, name="sign_out"),
]
