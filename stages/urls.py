from django.urls import path

from stages import views, views_rollout, views_switches

urlpatterns = [
    path("", views.stage_map, name="stage-map"),
    path("rollout/", views_rollout.rollout_page, name="stage-rollout"),
    path("rollout/lock/", views_rollout.lock_stage, name="stage-lock"),
    path("set/<str:stage>/", views_switches.switch_stage, name="stage-set"),
    path("set/<str:stage>/ask/", views_switches.ask_stage, name="stage-ask"),
    path("<slug:slug>/", views.milestone_page, name="milestone"),
    path("<slug:slug>/practice/", views.milestone_practice, name="milestone-practice"),
    path("<slug:slug>/switch/", views_switches.switch_milestone, name="milestone-switch"),
]
