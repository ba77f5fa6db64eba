from django.urls import path

from schoolday.office.notices.mail_events import mail_events
from schoolday.office.notices.views import api, callbacks, guardian, lists, new, sent

app_name = "notices"
urlpatterns = [
    path("api/preferences", api.preferences, name="api-preferences"),
    path("api/push-key", api.push_key, name="push-key"),
    path("api/push", api.push, name="push"),
    path("api/notices/twilio/<int:delivery_id>", callbacks.twilio, name="twilio"),
    path("api/notices/mail/<str:service>", mail_events, name="mail-events"),
    path("api/notices/leave/<str:token>", callbacks.leave, name="leave"),
    path("office/notices/", lists.notices, name="list"),
    path("office/notices/new/", new.whom, name="new"),
    path("office/notices/preferences/", guardian.preferences, name="preferences"),
    path("office/notices/guardians/<str:student_id>/", guardian.rights, name="rights"),
    path("office/notices/draft/<str:notice_id>/", new.what, name="what"),
    path("office/notices/draft/<str:notice_id>/send/", new.send, name="send"),
    path("office/notices/<str:notice_id>/", sent.notice, name="notice"),
    path("office/notices/<str:notice_id>/do/<str:verb>", sent.do, name="do"),
    path("office/notices/<str:notice_id>/calls/<str:school_id>/", sent.calls, name="calls"),
    path("office/notices/<str:notice_id>/calls/<str:school_id>.csv", sent.calls_csv, name="calls-csv"),
]
