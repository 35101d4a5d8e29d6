"""Every address by every role, as ``test_access`` asks the product: method, about what, route, and answers.

    o  opens      >  done, goes on to another page     l  to be signed in first
    3  forbidden (403)   4  not there (404)   5  not this way (405)   c  the case has moved on (409)

About what: a name of ``test_access.things``; ``-`` where an address stands by itself.
"""

from collections.abc import Iterator, Sequence

from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

TABLE = r"""
#                                                                                              anonymous
#                                                                                              | nora: signed in, belongs to nobody
#                                                                                              | | olive: owns Contoso
#                                                                                              | | | rhea: reads Contoso
#                                                                                              | | | | mallory: owns another customer
#                                                                                              | | | | | petra: owns Northwind, Contoso's partner
#                                                                                              | | | | | | prue: reads Northwind
#                                                                                              | | | | | | | quentin: owns another partner
#                                                                                              | | | | | | | | rita: reviewer
#                                                                                              | | | | | | | | | sena: senior reviewer
#                                                                                              | | | | | | | | | | tied: senior, reads Contoso
#                                                                                              | | | | | | | | | | | audrey: auditor
#                                                                                              | | | | | | | | | | | | opal: operator
# watching
GET   -                 healthz                                                               o o o o o o o o o o o o o
GET   -                 readyz                                                                o o o o o o o o o o o o o
# accounts
GET   -                 accounts/login/                                                       o > > > > > > > > > > > >
POST  -                 accounts/login/                                                       o > > > > > > > > > > > >
GET   -                 accounts/logout/                                                      > o o o o o o o o o o o o
POST  -                 accounts/logout/                                                      > > > > > > > > > > > > >
GET   -                 accounts/inactive/                                                    o o o o o o o o o o o o o
GET   -                 accounts/signup/                                                      o o o o o o o o o o o o o
POST  -                 accounts/signup/                                                      5 5 5 5 5 5 5 5 5 5 5 5 5
GET   -                 accounts/password/change/                                             l o o o o o o o o o o o o
POST  -                 accounts/password/change/                                             l o o o o o o o o o o o o
GET   -                 accounts/password/reset/                                              o o o o o o o o o o o o o
POST  -                 accounts/password/reset/                                              o o o o o o o o o o o o o
GET   -                 accounts/password/reset/key/done/                                     o o o o o o o o o o o o o
GET   -                 accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$ o o o o o o o o o o o o o
POST  -                 accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$ o o o o o o o o o o o o o
GET   -                 accounts/password/reset/done/                                         o o o o o o o o o o o o o
# api
GET   -                 api/v1/openapi.json                                                   o o o o o o o o o o o o o
GET   -                 api/v1/eligibility                                                    o o o o o o o o o o o o o
GET   -                 api/v1/                                                               4 4 4 4 4 4 4 4 4 4 4 4 4
# requests
GET   -                 requests/                                                             l 3 o o o 3 3 3 3 3 o 3 3
POST  -                 requests/                                                             l 3 o o o 3 3 3 3 3 o 3 3
GET   direct            requests/subscription/<uuid:subscription_id>/                         l 3 o o 4 3 3 3 3 3 o 3 3
GET   resold            requests/subscription/<uuid:subscription_id>/                         l 3 o o 4 3 3 3 3 3 o 3 3
GET   gone              requests/subscription/<uuid:subscription_id>/                         l 3 4 4 4 3 3 3 3 3 4 3 3
POST  direct            requests/subscription/<uuid:subscription_id>/                         l 3 o o 4 3 3 3 3 3 o 3 3
POST  gone              requests/subscription/<uuid:subscription_id>/                         l 3 4 4 4 3 3 3 3 3 4 3 3
GET   direct            requests/subscription/<uuid:subscription_id>/ask/                     l 3 o 3 4 3 3 3 3 3 3 3 3
GET   resold            requests/subscription/<uuid:subscription_id>/ask/                     l 3 o 3 4 3 3 3 3 3 3 3 3
GET   gone              requests/subscription/<uuid:subscription_id>/ask/                     l 3 4 4 4 3 3 3 3 3 4 3 3
POST  direct            requests/subscription/<uuid:subscription_id>/ask/                     l 3 > 3 4 3 3 3 3 3 3 3 3
POST  resold            requests/subscription/<uuid:subscription_id>/ask/                     l 3 > 3 4 3 3 3 3 3 3 3 3
POST  gone              requests/subscription/<uuid:subscription_id>/ask/                     l 3 4 4 4 3 3 3 3 3 4 3 3
GET   trial             requests/subscription/<uuid:subscription_id>/record/                  l 3 > 3 4 3 3 3 3 3 3 3 3
GET   gone              requests/subscription/<uuid:subscription_id>/record/                  l 3 4 4 4 3 3 3 3 3 4 3 3
POST  trial             requests/subscription/<uuid:subscription_id>/record/                  l 3 > 3 4 3 3 3 3 3 3 3 3
POST  gone              requests/subscription/<uuid:subscription_id>/record/                  l 3 4 4 4 3 3 3 3 3 4 3 3
GET   -                 requests/readiness/                                                   l 3 o o o 3 3 3 3 3 o 3 3
POST  -                 requests/readiness/                                                   l 3 o o o 3 3 3 3 3 o 3 3
GET   review            requests/<reference>/                                                 l 3 o o 4 3 3 3 3 3 o 3 3
GET   partner           requests/<reference>/                                                 l 3 o o 4 3 3 3 3 3 o 3 3
GET   gone              requests/<reference>/                                                 l 3 4 4 4 3 3 3 3 3 4 3 3
POST  review            requests/<reference>/                                                 l 3 o o 4 3 3 3 3 3 o 3 3
POST  gone              requests/<reference>/                                                 l 3 4 4 4 3 3 3 3 3 4 3 3
GET   review            requests/<reference>/sent/                                            l 3 o o 4 3 3 3 3 3 o 3 3
GET   gone              requests/<reference>/sent/                                            l 3 4 4 4 3 3 3 3 3 4 3 3
POST  review            requests/<reference>/sent/                                            l 3 o o 4 3 3 3 3 3 o 3 3
GET   asked             requests/<reference>/answer/                                          l 3 > > > 3 3 3 3 3 > 3 3
POST  asked             requests/<reference>/answer/                                          l 3 > 3 4 3 3 3 3 3 3 3 3
POST  by_partner        requests/<reference>/answer/                                          l 3 3 3 4 3 3 3 3 3 3 3 3
POST  gone              requests/<reference>/answer/                                          l 3 4 4 4 3 3 3 3 3 4 3 3
GET   review            requests/<reference>/message/                                         l 3 > > > 3 3 3 3 3 > 3 3
POST  review            requests/<reference>/message/                                         l 3 > 3 4 3 3 3 3 3 3 3 3
POST  gone              requests/<reference>/message/                                         l 3 4 4 4 3 3 3 3 3 4 3 3
GET   review            requests/<reference>/withdraw/                                        l 3 > > > 3 3 3 3 3 > 3 3
POST  review            requests/<reference>/withdraw/                                        l 3 > 3 4 3 3 3 3 3 3 3 3
POST  by_partner        requests/<reference>/withdraw/                                        l 3 3 3 4 3 3 3 3 3 3 3 3
POST  approved          requests/<reference>/withdraw/                                        l 3 c 3 4 3 3 3 3 3 3 3 3
POST  gone              requests/<reference>/withdraw/                                        l 3 4 4 4 3 3 3 3 3 4 3 3
# partner
GET   -                 partner/                                                              l 3 3 3 3 o o o 3 3 3 3 3
POST  -                 partner/                                                              l 3 3 3 3 o o o 3 3 3 3 3
GET   -                 partner/subscriptions/                                                l 3 3 3 3 o o o 3 3 3 3 3
POST  -                 partner/subscriptions/                                                l 3 3 3 3 o o o 3 3 3 3 3
GET   -                 partner/cases/                                                        l 3 3 3 3 o o o 3 3 3 3 3
POST  -                 partner/cases/                                                        l 3 3 3 3 o o o 3 3 3 3 3
GET   direct            partner/subscription/<uuid:subscription_id>/                          l 3 3 3 3 4 4 4 3 3 3 3 3
GET   resold            partner/subscription/<uuid:subscription_id>/                          l 3 3 3 3 o o 4 3 3 3 3 3
GET   gone              partner/subscription/<uuid:subscription_id>/                          l 3 3 3 3 4 4 4 3 3 3 3 3
POST  direct            partner/subscription/<uuid:subscription_id>/                          l 3 3 3 3 4 4 4 3 3 3 3 3
POST  resold            partner/subscription/<uuid:subscription_id>/                          l 3 3 3 3 o o 4 3 3 3 3 3
POST  gone              partner/subscription/<uuid:subscription_id>/                          l 3 3 3 3 4 4 4 3 3 3 3 3
GET   direct            partner/subscription/<uuid:subscription_id>/ask/                      l 3 3 3 3 4 4 4 3 3 3 3 3
GET   resold            partner/subscription/<uuid:subscription_id>/ask/                      l 3 3 3 3 o 3 4 3 3 3 3 3
GET   gone              partner/subscription/<uuid:subscription_id>/ask/                      l 3 3 3 3 4 4 4 3 3 3 3 3
POST  direct            partner/subscription/<uuid:subscription_id>/ask/                      l 3 3 3 3 4 4 4 3 3 3 3 3
POST  resold            partner/subscription/<uuid:subscription_id>/ask/                      l 3 3 3 3 > 3 4 3 3 3 3 3
POST  gone              partner/subscription/<uuid:subscription_id>/ask/                      l 3 3 3 3 4 4 4 3 3 3 3 3
GET   -                 partner/readiness/                                                    l 3 3 3 3 o o o 3 3 3 3 3
POST  -                 partner/readiness/                                                    l 3 3 3 3 o o o 3 3 3 3 3
GET   review            partner/<reference>/                                                  l 3 3 3 3 4 4 4 3 3 3 3 3
GET   partner           partner/<reference>/                                                  l 3 3 3 3 o o 4 3 3 3 3 3
GET   gone              partner/<reference>/                                                  l 3 3 3 3 4 4 4 3 3 3 3 3
POST  review            partner/<reference>/                                                  l 3 3 3 3 4 4 4 3 3 3 3 3
POST  partner           partner/<reference>/                                                  l 3 3 3 3 o o 4 3 3 3 3 3
POST  gone              partner/<reference>/                                                  l 3 3 3 3 4 4 4 3 3 3 3 3
GET   by_partner        partner/<reference>/sent/                                             l 3 3 3 3 o o 4 3 3 3 3 3
GET   gone              partner/<reference>/sent/                                             l 3 3 3 3 4 4 4 3 3 3 3 3
POST  by_partner        partner/<reference>/sent/                                             l 3 3 3 3 o o 4 3 3 3 3 3
GET   partner           partner/<reference>/vouch/                                            l 3 3 3 3 > > > 3 3 3 3 3
POST  partner           partner/<reference>/vouch/                                            l 3 3 3 3 > 3 4 3 3 3 3 3
POST  by_partner        partner/<reference>/vouch/                                            l 3 3 3 3 c 3 4 3 3 3 3 3
POST  gone              partner/<reference>/vouch/                                            l 3 3 3 3 4 4 4 3 3 3 3 3
GET   partner           partner/<reference>/decline/                                          l 3 3 3 3 > > > 3 3 3 3 3
POST  partner           partner/<reference>/decline/                                          l 3 3 3 3 > 3 4 3 3 3 3 3
POST  by_partner        partner/<reference>/decline/                                          l 3 3 3 3 c 3 4 3 3 3 3 3
POST  gone              partner/<reference>/decline/                                          l 3 3 3 3 4 4 4 3 3 3 3 3
GET   asked_by_partner  partner/<reference>/answer/                                           l 3 3 3 3 > > > 3 3 3 3 3
GET   partner           partner/<reference>/answer/                                           l 3 3 3 3 > > > 3 3 3 3 3
POST  asked_by_partner  partner/<reference>/answer/                                           l 3 3 3 3 > 3 4 3 3 3 3 3
POST  partner           partner/<reference>/answer/                                           l 3 3 3 3 3 3 4 3 3 3 3 3
POST  gone              partner/<reference>/answer/                                           l 3 3 3 3 4 4 4 3 3 3 3 3
GET   partner           partner/<reference>/message/                                          l 3 3 3 3 > 3 4 3 3 3 3 3
GET   gone              partner/<reference>/message/                                          l 3 3 3 3 4 4 4 3 3 3 3 3
POST  partner           partner/<reference>/message/                                          l 3 3 3 3 > 3 4 3 3 3 3 3
POST  gone              partner/<reference>/message/                                          l 3 3 3 3 4 4 4 3 3 3 3 3
GET   by_partner        partner/<reference>/withdraw/                                         l 3 3 3 3 > > > 3 3 3 3 3
GET   partner           partner/<reference>/withdraw/                                         l 3 3 3 3 > > > 3 3 3 3 3
POST  by_partner        partner/<reference>/withdraw/                                         l 3 3 3 3 > 3 4 3 3 3 3 3
POST  partner           partner/<reference>/withdraw/                                         l 3 3 3 3 3 3 4 3 3 3 3 3
POST  gone              partner/<reference>/withdraw/                                         l 3 3 3 3 4 4 4 3 3 3 3 3
# review
GET   -                 review/                                                               l 3 3 3 3 3 3 3 o o o o 3
POST  -                 review/                                                               l 3 3 3 3 3 3 3 o o o o 3
GET   -                 review/next/                                                          l 3 3 3 3 3 3 3 > > > > 3
POST  -                 review/next/                                                          l 3 3 3 3 3 3 3 > > > > 3
GET   review            review/<str:reference>/                                               l 3 3 3 3 3 3 3 o o o o 3
GET   gone              review/<str:reference>/                                               l 3 3 3 3 3 3 3 4 4 4 4 3
POST  review            review/<str:reference>/                                               l 3 3 3 3 3 3 3 o o o o 3
POST  gone              review/<str:reference>/                                               l 3 3 3 3 3 3 3 4 4 4 4 3
GET   review            review/<str:reference>/decide/                                        l 3 3 3 3 3 3 3 > > > > 3
POST  review            review/<str:reference>/decide/                                        l 3 3 3 3 3 3 3 > > 3 3 3
POST  approved          review/<str:reference>/decide/                                        l 3 3 3 3 3 3 3 3 > 3 3 3
POST  rejected          review/<str:reference>/decide/                                        l 3 3 3 3 3 3 3 c c 3 3 3
POST  gone              review/<str:reference>/decide/                                        l 3 3 3 3 3 3 3 4 4 4 4 3
GET   review            review/<str:reference>/preview/                                       l 3 3 3 3 3 3 3 > > > > 3
POST  review            review/<str:reference>/preview/                                       l 3 3 3 3 3 3 3 o o 3 3 3
POST  rejected          review/<str:reference>/preview/                                       l 3 3 3 3 3 3 3 c c 3 3 3
POST  gone              review/<str:reference>/preview/                                       l 3 3 3 3 3 3 3 4 4 4 4 3
GET   review            review/<str:reference>/ask/                                           l 3 3 3 3 3 3 3 > > > > 3
POST  review            review/<str:reference>/ask/                                           l 3 3 3 3 3 3 3 > > 3 3 3
POST  rejected          review/<str:reference>/ask/                                           l 3 3 3 3 3 3 3 c c 3 3 3
POST  gone              review/<str:reference>/ask/                                           l 3 3 3 3 3 3 3 4 4 4 4 3
GET   review            review/<str:reference>/message/                                       l 3 3 3 3 3 3 3 > > > > 3
POST  review            review/<str:reference>/message/                                       l 3 3 3 3 3 3 3 > > 3 3 3
POST  gone              review/<str:reference>/message/                                       l 3 3 3 3 3 3 3 4 4 4 4 3
GET   review            review/<str:reference>/note/                                          l 3 3 3 3 3 3 3 > > > > 3
POST  review            review/<str:reference>/note/                                          l 3 3 3 3 3 3 3 > > 3 3 3
POST  gone              review/<str:reference>/note/                                          l 3 3 3 3 3 3 3 4 4 4 4 3
GET   rejected          review/<str:reference>/reopen/                                        l 3 3 3 3 3 3 3 > > > > 3
POST  rejected          review/<str:reference>/reopen/                                        l 3 3 3 3 3 3 3 > > 3 3 3
POST  review            review/<str:reference>/reopen/                                        l 3 3 3 3 3 3 3 c c 3 3 3
POST  gone              review/<str:reference>/reopen/                                        l 3 3 3 3 3 3 3 4 4 4 4 3
GET   domain            review/linked/<str:kind>/<path:value>/                                l 3 3 3 3 3 3 3 o o o o 3
POST  domain            review/linked/<str:kind>/<path:value>/                                l 3 3 3 3 3 3 3 o o o o 3
GET   review            review/<str:reference>/checks/                                        l 3 3 3 3 3 3 3 > > > > 3
POST  review            review/<str:reference>/checks/                                        l 3 3 3 3 3 3 3 > > 3 3 3
POST  approved          review/<str:reference>/checks/                                        l 3 3 3 3 3 3 3 c c 3 3 3
POST  gone              review/<str:reference>/checks/                                        l 3 3 3 3 3 3 3 4 4 4 4 3
GET   round             review/<str:reference>/checks/<int:number>/                           l 3 3 3 3 3 3 3 o o o o 3
POST  round             review/<str:reference>/checks/<int:number>/                           l 3 3 3 3 3 3 3 o o o o 3
GET   -                 review/rules/                                                         l 3 3 3 3 3 3 3 o o o o 3
POST  -                 review/rules/                                                         5 5 5 5 5 5 5 5 5 5 5 5 5
GET   rule              review/rules/<slug:rule_id>/                                          l 3 3 3 3 3 3 3 o o o o 3
POST  rule              review/rules/<slug:rule_id>/                                          l 3 3 3 3 3 3 3 3 > > 3 3
GET   rule              review/rules/<slug:rule_id>/replay/                                   l 3 3 3 3 3 3 3 > > > > 3
POST  rule              review/rules/<slug:rule_id>/replay/                                   l 3 3 3 3 3 3 3 > > > 3 3
GET   -                 review/policies/                                                      l 3 3 3 3 3 3 3 o o o o 3
POST  -                 review/policies/                                                      l 3 3 3 3 3 3 3 3 > > 3 3
GET   draft             review/policies/drafts/<int:draft_id>/                                l 3 3 3 3 3 3 3 o o o o 3
POST  draft             review/policies/drafts/<int:draft_id>/                                l 3 3 3 3 3 3 3 3 > > 3 3
GET   draft             review/policies/drafts/<int:draft_id>/replay/                         l 3 3 3 3 3 3 3 > > > > 3
POST  draft             review/policies/drafts/<int:draft_id>/replay/                         l 3 3 3 3 3 3 3 3 > > 3 3
GET   policy            review/policies/<slug:version_id>/document/                           l 3 3 3 3 3 3 3 o o o o 3
POST  policy            review/policies/<slug:version_id>/document/                           5 5 5 5 5 5 5 5 5 5 5 5 5
GET   policy            review/policies/<slug:version_id>/roll-back/                          5 5 5 5 5 5 5 5 5 5 5 5 5
POST  policy            review/policies/<slug:version_id>/roll-back/                          l 3 3 3 3 3 3 3 3 c c 3 3
GET   rejected          review/<str:reference>/clear-flag/                                    l 3 3 3 3 3 3 3 > > > > 3
POST  rejected          review/<str:reference>/clear-flag/                                    l 3 3 3 3 3 3 3 > > 3 3 3
POST  review            review/<str:reference>/clear-flag/                                    l 3 3 3 3 3 3 3 c c 3 3 3
POST  gone              review/<str:reference>/clear-flag/                                    l 3 3 3 3 3 3 3 4 4 4 4 3
# everybody
GET   -                 /                                                                     o o o o o o o o o o o o o
GET   -                 eligibility/                                                          o o o o o o o o o o o o o
GET   -                 policy/                                                               o o o o o o o o o o o o o
GET   policy            policy/<slug:version_id>/                                             o o o o o o o o o o o o o
GET   -                 relay/                                                                o o o o o o o o o o o o o
GET   -                 home/                                                                 l > > > > > > > > > > > >
GET   -                 appearance/                                                           > > > > > > > > > > > > >
POST  -                 appearance/                                                           > > > > > > > > > > > > >
# demo mode alone
GET   -                 dev/components/                                                       o o o o o o o o o o o o o
GET   -                 dev/mail/                                                             o o o o o o o o o o o o o
GET   mail              dev/mail/<int:mail_id>/                                               o o o o o o o o o o o o o
GET   mail              dev/mail/<int:mail_id>/html/                                          o o o o o o o o o o o o o
"""

ADMIN_TABLE = r"""
#                                                                  anonymous
#                                                                  | who is no operator
#                                                                  | | the operator; of models, those that operators edit
#                                                                  | | | the operator, of records
GET   admin/                                                       l 3 o .
GET   admin/^(?P<app_label>people|subscriptions|outbox|cases)/$    l 3 o .
GET   admin/<model>/                                               l 3 o o
GET   admin/<model>/add/                                           l 3 o 3
GET   admin/<model>/<path:object_id>/                              l 3 > >
GET   admin/<model>/<path:object_id>/change/                       l 3 o o
GET   admin/<model>/<path:object_id>/history/                      l 3 o o
GET   admin/<model>/<path:object_id>/delete/                       l 3 3 3
GET   admin/login/                                                 l > > .
GET   admin/logout/                                                l 3 > .
GET   admin/password_change/                                       l 3 > .
GET   admin/password_change/done/                                  l 3 o .
GET   admin/autocomplete/                                          l 3 3 .
GET   admin/jsi18n/                                                l 3 o .
GET   admin/r/<path:content_type_id>/<path:object_id>/             l 3 4 .
GET   admin/(?P<url>.*)$                                           l 3 4 .
POST  admin/                                                       l 3 o .
POST  admin/^(?P<app_label>people|subscriptions|outbox|cases)/$    l 3 o .
POST  admin/<model>/                                               l 3 o o
POST  admin/<model>/add/                                           l 3 o 3
POST  admin/<model>/<path:object_id>/                              l 3 > >
POST  admin/<model>/<path:object_id>/change/                       l 3 o 3
POST  admin/<model>/<path:object_id>/history/                      l 3 o o
POST  admin/<model>/<path:object_id>/delete/                       l 3 3 3
POST  admin/login/                                                 l > > .
POST  admin/logout/                                                l 3 > .
POST  admin/password_change/                                       l 3 > .
POST  admin/password_change/done/                                  l 3 5 .
POST  admin/autocomplete/                                          l 3 5 .
POST  admin/jsi18n/                                                l 3 5 .
POST  admin/r/<path:content_type_id>/<path:object_id>/             l 3 4 .
POST  admin/(?P<url>.*)$                                           l 3 4 .
"""
"""The same for the admin, by kind of page: ``<model>`` is each that is registered, now or later."""


def rows() -> list[tuple[str, str, str, list[str]]]:
    """The table's rows: method, about, route, cells."""
    lines = [line.split() for line in TABLE.strip().splitlines() if not line.startswith("#")]
    return [(method, about, route, cells) for method, about, route, *cells in lines]


def admin_rows() -> list[tuple[str, str, list[str]]]:
    """The admin's rows: method, kind, cells."""
    lines = [line.split() for line in ADMIN_TABLE.strip().splitlines() if not line.startswith("#")]
    return [(method, kind, cells) for method, kind, *cells in lines]


def _routes(
    patterns: Sequence[URLPattern | URLResolver], prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield route or "/", f"{space}{pattern.name or ''}"
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from _routes(pattern.url_patterns, route, inner)


ROUTES = dict(_routes(get_resolver().url_patterns))
"""Every route of the resolver, written as in the table, with the name of its address."""
MODELS = {f"admin/{model._meta.app_label}/{model._meta.model_name}/": model for model in admin.site._registry}
ADMIN_ROUTES = [route for route in ROUTES if route.startswith("admin/")]


def model_of(route: str) -> type[Model] | None:
    """Whose page of the admin it is, where it is a model's."""
    return next((model for prefix, model in MODELS.items() if route.startswith(prefix)), None)


def kind_of(route: str) -> str:
    """What kind of page of the admin it is."""
    prefix = next(filter(route.startswith, MODELS), None)
    return f"admin/<model>/{route.removeprefix(prefix)}" if prefix else route
