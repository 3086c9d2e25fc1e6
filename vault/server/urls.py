"""The vault's routes, mounted at /vault/v1/."""

from django.urls import path

from . import views

app_name = "vault"

urlpatterns = [
    path("identity", views.identity, name="identity"),
    path("safes", views.open_safe, name="open-safe"),
    path("registrations", views.start_registration, name="start-registration"),
    path("registrations/finish", views.finish_registration, name="finish-registration"),
    path("logins", views.start_login, name="start-login"),
    path("logins/finish", views.finish_login, name="finish-login"),
    path("status", views.status, name="status"),
    path("heads", views.set_head, name="set-head"),
    path("heads/read", views.read_head, name="read-head"),
    path("destroy", views.destroy, name="destroy"),
]
