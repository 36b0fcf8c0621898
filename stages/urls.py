from django.urls import path

from stages import views

urlpatterns = [
    path("", views.stage_map, name="stage-map"),
    path("set/<str:stage>/", views.switch_stage, name="stage-set"),
    path("<slug:slug>/", views.milestone_page, name="milestone"),
    path("<slug:slug>/switch/", views.switch_milestone, name="milestone-switch"),
]
