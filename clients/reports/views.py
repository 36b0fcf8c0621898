"""The reports page: what there is, one button for more, and the files. For staff."""

from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.core.files import File
from django.core.handlers.asgi import ASGIRequest
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from clients.accounts.access import staff_required
from clients.models import MonthlyReport
from clients.reports.answers import ask
from clients.reports.forms import ReportForm
from clients.reports.mailing import file_name
from clients.reports.months import WrongMonthError, parse_month
from clients.reports.recipients import recipients
from clients.site.downloads import limited_downloads
from stages.web import milestone_required

PER_PAGE = 12


@milestone_required("monthly-report")
@staff_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_list(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        form = ReportForm(request.POST)
        if form.is_valid():
            answer = ask(form.cleaned_data["month"])
            getattr(messages, answer.level)(request, answer.text)
            return redirect("report-list")
    else:
        form = ReportForm()
    reports = MonthlyReport.objects.prefetch_related("deliveries")
    page = Paginator(reports, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "reports": page.object_list, "page_obj": page, "recipients": recipients()}
    return render(request, "clients/reports/report_list.html", context)


@milestone_required("monthly-report")
@staff_required
@never_cache
@require_safe
@limited_downloads
def report_download(request: HttpRequest, month: str) -> HttpResponseBase:
    """The file as it was mailed, in pieces however large it is. 404 until the report is ready."""
    report = made_report(month)
    file = report.file.open("rb")
    if isinstance(request, ASGIRequest):
        response = as_async(FileResponse(file, filename=file_name(report), as_attachment=True), file)
    else:
        response = FileResponse(file, filename=file_name(report), as_attachment=True)
    response["Content-Type"] = "text/csv; charset=utf-8"
    return response


def made_report(month: str) -> MonthlyReport:
    try:
        report = MonthlyReport.objects.filter(month=parse_month(month)).first()
    except WrongMonthError as error:
        raise Http404(str(error)) from error
    if report is None or not report.is_made:
        raise Http404("There is no such report.")
    return report


def as_async(response: FileResponse, file: File) -> StreamingHttpResponse:
    """The same answer for an ASGI server, which reads a plain iterator whole into memory."""
    return StreamingHttpResponse(chunks_of(file), headers=response.headers)


async def chunks_of(file: File) -> AsyncIterator[bytes]:
    try:
        while chunk := await sync_to_async(file.read)(FileResponse.block_size * 16):
            yield chunk
    finally:
        await sync_to_async(file.close)()
