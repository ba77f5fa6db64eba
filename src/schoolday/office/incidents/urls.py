from django.urls import path

from schoolday.office.incidents.views import amnesty, board, change, help_page, incidents

app_name = "incidents"
urlpatterns = [
    path("office/incidents/", incidents.listing, name="list"),
    path("office/incidents/new/", incidents.new, name="new"),
    path("office/incidents/<str:incident_id>/", incidents.incident, name="incident"),
    path("office/incidents/<str:incident_id>/write", incidents.write, name="write"),
    path("office/incidents/<str:incident_id>/change/", change.change, name="change"),
    path("office/incidents/<str:incident_id>/public", incidents.public, name="public"),
    path("office/incidents/<str:incident_id>/close/", incidents.close, name="close"),
    path("office/incidents/<str:incident_id>/reopen", incidents.reopen, name="reopen"),
    path("office/incidents/<str:incident_id>/board/", board.board, name="board"),
    path("office/incidents/<str:incident_id>/timeline.<str:form>", board.export, name="export"),
    path("office/amnesty/", amnesty.listing, name="amnesties"),
    path("office/amnesty/new/", amnesty.new, name="new-amnesty"),
    path("office/amnesty/<str:amnesty_id>/<str:verb>", amnesty.do, name="amnesty"),
    path("office/help/", help_page.help_page, name="help"),
    path("office/help/help.js", help_page.script, name="help-script"),
    path("office/help/list", help_page.panel, name="help-panel"),
    path("office/help/list.csv", help_page.export, name="help-export"),
    path("office/help/<str:request_id>/<str:verb>", help_page.do, name="help-do"),
]
