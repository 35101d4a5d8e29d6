"""Addresses that demo mode alone has."""

from django.urls import URLPattern, path

from demo import mail
from demo.components import components

urlpatterns: list[URLPattern] = [
    path("components/", components, name="components"),
    path("mail/", mail.mails, name="mail"),
    path("mail/<int:mail_id>/", mail.mail, name="mail_one"),
    path("mail/<int:mail_id>/html/", mail.mail_markup, name="mail_markup"),
]
