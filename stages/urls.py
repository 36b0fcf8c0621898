from django.urls import path

from stages import views, views_rollout

urlpatterns = [
    path("", views.stage_map, name="stage-map"),
    path("rollout/", views_rollout.rollout_page, name="stage-rollout"),
    path("rollout/lock/", views_rollout.lock_stage, name="stage-lock"),
    path("set/<str:stage>/", views.switch_stage, name="stage-set"),
    path("<slug:slug>/", views.milestone_page, name="milestone"),
    path("<slug:slug>/switch/", views.switch_milestone, name="milestone-switch"),
]
