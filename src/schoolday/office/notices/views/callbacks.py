"""Doors for those who are no people of ours: Twilio's receipts, and the link at the end of a mail."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from schoolday.office.notices.channels.twilio import is_by_twilio
from schoolday.office.notices.leaving import read_leave_token
from schoolday.office.notices.people_actions import end_mail
from schoolday.office.notices.receipts import take_receipt


@csrf_exempt  # no cookie is looked at: the signature is all there is
@require_POST
def twilio(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Take a receipt that is signed with our account's token; anything else gets 403 and changes nothing."""
    url = f"{settings.SCHOOLDAY['PUBLIC_URL']}{reverse('notices:twilio', args=[delivery_id])}"
    form = {name: str(value) for name, value in request.POST.items()}
    if not is_by_twilio(url=url, form=form, said=request.headers.get("X-Twilio-Signature", "")):
        return HttpResponse(status=403)
    take_receipt(
        delivery_id,
        status=form.get("MessageStatus") or form.get("CallStatus") or "",
        provider_id=form.get("MessageSid") or form.get("CallSid") or "",
        error=form.get("ErrorCode", ""),
    )
    return HttpResponse(status=204)


@csrf_exempt  # RFC 8058: a mail program posts here, without a cookie; the token is all there is
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """End mails for one person. GET only asks, since programs that look for viruses open every link."""
    person_id = read_leave_token(token)
    if request.method == "POST" and person_id:
        end_mail(person_id)
    context = {"is_good": bool(person_id), "is_done": request.method == "POST" and bool(person_id)}
    return render(request, "notices/leave.html", context, status=200 if person_id else 404)
