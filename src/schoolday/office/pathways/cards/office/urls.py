from django.urls import path

from schoolday.office.pathways.cards.office import views

urlpatterns = [
    path("office/cards/", views.schools, name="cards"),
    path("office/cards/<str:school_id>/", views.sheet, name="cards-sheet"),
]
