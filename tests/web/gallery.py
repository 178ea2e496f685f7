"""Every part of the pages on one page, with what a mechanism holds and with what an attacker would type.

gallery("ar")  ->  "<!doctype html><html lang="ar" dir="rtl">..."
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import comity.words
from comity.web import text
from comity.words import Words

__all__ = ["HOSTILE", "STATIC", "TEMPLATES", "environment", "gallery"]

WEB = Path(comity.words.__file__).resolve().parent.parent / "web"
TEMPLATES, STATIC = WEB / "templates", WEB / "static"
HERE = Path(__file__).resolve().parent
HOSTILE = "<script>alert(1)</script>\"' onload=x \u202eevil\u202c " + "W" * 90

_SVG = """<svg viewBox="0 0 640 96" role="img" aria-label="2024"><line class="axis" x1="0" y1="80" x2="640" y2="80"/>
<rect class="bar" x="40" y="12" width="300" height="18"/><rect class="done" x="40" y="12" width="120" height="18"/>
<rect class="late" x="220" y="40" width="160" height="18"/><circle class="mark" cx="420" cy="49" r="7"/>
<circle class="mark settled" cx="470" cy="49" r="7"/><line class="today" x1="400" y1="0" x2="400" y2="80"/>
<text class="axis" x="40" y="94" font-size="12">2024</text><text class="axis" x="320" y="94" font-size="12">2025</text></svg>"""

_TEXTS: dict[str, dict[str, Any]] = {
    "en": {
        "title": "Memorandum of understanding on water",
        "lead": "Each party keeps its own log and signs what it says; what both hold is counted as received. See",
        "and_": "and",
        "day": "15 August 2024, 12:30",
        "hijri": "10 Safar 1446",
        "facts": "In short",
        "party": "Party",
        "body": "Body",
        "reference": "Reference",
        "turkey": "Republic of Türkiye",
        "iraq": "Republic of Iraq",
        "committee": "Joint Permanent Committee for Water",
        "water": "drought",
        "tab1": "Conversation",
        "tab2": "Text",
        "tab3": "Work programme",
        "section1": "The conversation",
        "section2": "What has become true",
        "section3": "The text",
        "section4": "Tables and drawings",
        "section5": "A form",
        "section6": "States of a page",
        "before": "The committee shall reply to a request",
        "thirty": "within 30 days",
        "sixty": "within 60 working days",
        "columns": ["Matter", "Office", "Day", "Standing"],
        "caption": "What waits for us",
        "error": "A title is needed in every language.",
        "error2": "The docket has moved on since you opened this page. Read what changed, then say it again.",
        "help": "As it shall stand on the agenda.",
        "f_title": "Title",
        "f_text": "Text",
        "f_names": "Name of the body",
        "f_count": "Days",
        "f_day": "Day",
        "f_when": "Begins",
        "f_file": "File",
        "f_sure": "The text was compared in all three languages",
        "f_items": "Agenda items",
        "item": "Exchange of data on flows",
        "say_it": "Say it",
        "back": "Not now",
        "nothing": "Nothing waits for you. What the other party asks of you will stand here.",
        "refused": "This could not be said",
        "office": "Secretariat of the committee",
        "what": [
            "proposed a meeting",
            "accepted the meeting",
            "tabled the agenda",
            "withdrew an item too late",
        ],
        "agreed": "The meeting is agreed",
        "agenda": "Agenda",
        "why": "The meeting had begun when this was said, so it changes nothing. Put it on the next agenda.",
        "proof": "Proof",
        "bytes": "Bytes",
        "long": "Exchange of hydrological data, review of the drought plan for the summer, and other business",
    },
    "tr": {
        "title": "Su alanında mutabakat zaptı",
        "lead": "Her taraf kendi kayıt defterini tutar ve beyanını imzalar; iki tarafın da elinde olan alınmış sayılır. Bakınız:",
        "and_": "ve",
        "day": "15 Ağustos 2024 12.30",
        "hijri": "10 Safer 1446",
        "facts": "Kısaca",
        "party": "Taraf",
        "body": "Kurul",
        "reference": "Gönderme numarası",
        "turkey": "Türkiye Cumhuriyeti",
        "iraq": "Irak Cumhuriyeti",
        "committee": "Daimî Ortak Su Komitesi",
        "water": "kuraklık",
        "tab1": "Görüşme",
        "tab2": "Metin",
        "tab3": "İş programı",
        "section1": "Görüşme",
        "section2": "Gerçekleşenler",
        "section3": "Metin",
        "section4": "Çizelgeler ve çizimler",
        "section5": "Bir form",
        "section6": "Sayfanın hâlleri",
        "before": "Komite bir talebi",
        "thirty": "30 gün içinde",
        "sixty": "60 iş günü içinde",
        "columns": ["Konu", "Makam", "Gün", "Durum"],
        "caption": "Bizden beklenenler",
        "error": "Başlık her dilde yazılmalıdır.",
        "error2": "Bu sayfayı açtığınızdan beri dosya ilerledi. Değişiklikleri okuyun, sonra yeniden beyan edin.",
        "help": "Gündemde yer alacağı biçimiyle.",
        "f_title": "Başlık",
        "f_text": "Metin",
        "f_names": "Kurulun adı",
        "f_count": "Gün sayısı",
        "f_day": "Gün",
        "f_when": "Başlangıç",
        "f_file": "Dosya",
        "f_sure": "Metin üç dilde karşılaştırıldı",
        "f_items": "Gündem maddeleri",
        "item": "Akım verilerinin paylaşımı",
        "say_it": "Beyan et",
        "back": "Şimdi değil",
        "nothing": "Sizden beklenen bir şey yok. Karşı tarafın sizden istedikleri burada yer alacak.",
        "refused": "Bu beyan edilemedi",
        "office": "Komite Sekretaryası",
        "what": ["toplantı önerdi", "toplantıyı kabul etti", "gündemi sundu", "maddeyi geç geri çekti"],
        "agreed": "Toplantı üzerinde anlaşıldı",
        "agenda": "Gündem",
        "why": "Bu beyan edildiğinde toplantı başlamıştı; hiçbir şeyi değiştirmez. Bir sonraki gündeme alın.",
        "proof": "Kanıt",
        "bytes": "Baytlar",
        "long": "Hidrolojik verilerin paylaşımı, yaz kuraklık planının gözden geçirilmesi ve diğer konular",
    },
    "ar": {
        "title": "مذكرة تفاهم بشأن المياه",
        "lead": "يحتفظ كل طرف بسجله ويوقّع ما يقوله، وما يحوزه الطرفان يُعد مستلمًا. انظر",
        "and_": "و",
        "day": "١٥ آب ٢٠٢٤، ١٢:٣٠",
        "hijri": "١٠ صفر ١٤٤٦",
        "facts": "بإيجاز",
        "party": "الطرف",
        "body": "الهيئة",
        "reference": "المرجع",
        "turkey": "جمهورية تركيا",
        "iraq": "جمهورية العراق",
        "committee": "اللجنة المشتركة الدائمة للمياه",
        "water": "الجفاف",
        "tab1": "المحادثة",
        "tab2": "النص",
        "tab3": "برنامج العمل",
        "section1": "المحادثة",
        "section2": "ما تحقق",
        "section3": "النص",
        "section4": "الجداول والرسوم",
        "section5": "نموذج",
        "section6": "حالات الصفحة",
        "before": "ترد اللجنة على الطلب",
        "thirty": "خلال 30 يومًا",
        "sixty": "خلال 60 يوم عمل",
        "columns": ["الموضوع", "المنصب", "اليوم", "الحالة"],
        "caption": "ما يُنتظر منا",
        "error": "يجب كتابة العنوان بكل اللغات.",
        "error2": "تقدّم الملف منذ أن فتحت هذه الصفحة. اقرأ ما تغيّر ثم قله من جديد.",
        "help": "كما سيرد في جدول الأعمال.",
        "f_title": "العنوان",
        "f_text": "النص",
        "f_names": "اسم الهيئة",
        "f_count": "عدد الأيام",
        "f_day": "اليوم",
        "f_when": "البداية",
        "f_file": "الملف المرفق",
        "f_sure": "قورن النص باللغات الثلاث",
        "f_items": "بنود جدول الأعمال",
        "item": "تبادل بيانات الجريان",
        "say_it": "قل ذلك",
        "back": "ليس الآن",
        "nothing": "لا شيء يُنتظر منك. ما يطلبه منك الطرف الآخر سيظهر هنا.",
        "refused": "تعذّر قول ذلك",
        "office": "أمانة اللجنة",
        "what": ["اقترح اجتماعًا", "قبل الاجتماع", "قدّم جدول الأعمال", "سحب بندًا بعد فوات الأوان"],
        "agreed": "اتُّفق على الاجتماع",
        "agenda": "جدول الأعمال",
        "why": "كان الاجتماع قد بدأ عندما قيل هذا، فلا يغيّر شيئًا. أدرجه في جدول الأعمال التالي.",
        "proof": "الإثبات",
        "bytes": "البايتات",
        "long": "تبادل البيانات الهيدرولوجية ومراجعة خطة الجفاف لفصل الصيف وما يستجد من أعمال",
    },
}
_ARTICLE = {
    "en": (
        "Establishment",
        "The Parties establish a Joint Permanent Committee, which shall meet twice a year and reply within 30 days.",
    ),
    "tr": (
        "Kuruluş",
        "Taraflar, yılda iki kez toplanan ve 30 gün içinde yanıt veren bir Daimî Ortak Komite kurar.",
    ),
    "ar": ("الإنشاء", "ينشئ الطرفان لجنة مشتركة دائمة تجتمع مرتين في السنة وترد خلال 30 يومًا."),
}


def environment() -> Environment:
    """The templates of the project and of the tests; set as the application sets them (`comity.web.drawing`)."""
    made = Environment(
        loader=FileSystemLoader([TEMPLATES, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=text.finalize,
        trim_blocks=True,
    )
    made.filters["shown"] = text.shown
    return made


def frame(lang: str, prefix: str = "/static/") -> dict[str, Any]:
    """What the application gives to every template."""
    words, t = Words(lang), _TEXTS[lang]

    class Person:
        display = "Zeynep Aksoy"
        admin = True
        founds = False

    class Mechanism:
        id = "water"
        name = t["committee"]

    def say(key: str, place: str = "web", /, **facts: object) -> str:
        return words.say(key, place, **facts)

    return {
        "say": say,
        "lang": lang,
        "dir": "rtl" if lang == "ar" else "ltr",
        "person": Person,
        "speaks_for": [t["office"], t["committee"]],
        "csrf": "token",
        "mechanism": Mechanism,
        "path": "/m/water/meetings/TUR/17",
        "static": lambda name: prefix + name,
        "version": "0.1.0",
        "party": t["iraq"],
    }


def _act(t: dict[str, Any], ref: str, what: str, standing: str, **more: Any) -> dict[str, Any]:
    party, number = ref.split("/")
    return {
        "ref": ref,
        "party": party,
        "name": {"TUR": t["turkey"], "IRQ": t["iraq"]}.get(party, t["committee"]),
        "kind": "meeting.convened/1",
        "office": "secretariat",
        "office_name": t["office"],
        "time": f"2024-08-15T09:{int(number):02d}:00Z",
        "shown_time": t["day"],
        "answers": [],
        "standing": standing,
        "waiting": False,
        "irregular": None,
        "what": what,
        "fields": [],
        "links": [(t["proof"], "#proof"), (t["bytes"], "#bytes")],
        "href": f"/m/water/record/{ref}",
        **more,
    }


def gallery(lang: str, prefix: str = "/static/") -> str:
    """The page, in that language; `prefix` is where the static files are."""
    t = _TEXTS[lang]
    made, parties = environment(), [("TUR", t["turkey"]), ("IRQ", t["iraq"])]
    part = made.get_template("parts.html").make_module(frame(lang, prefix))
    mark = Markup(part.standing("settled"))  # type: ignore[attr-defined]
    dreadful = {"irregular": {"code": "too_late"}, "why": t["why"], "rule": "TUR/12#art-4", "name": HOSTILE}
    acts = [
        _act(
            t, "TUR/17", t["what"][0], "received", fields=[(t["agenda"], t["long"]), (t["f_day"], t["day"])]
        ),
        _act(t, "IRQ/9", t["what"][1], "received", answers=["TUR/17"], answered=[("TUR/17", "#TUR-17")]),
        {"milestone": Markup("{} {}").format(t["agreed"], mark)},
        _act(t, "IRQ/10", t["what"][2], "said", fields=[(t["agenda"], t["long"])]),
        _act(t, "TUR/19", t["what"][0], "said", waiting=True, answers=["IRQ/10", "IRQ/9"]),
        _act(
            t, "TUR/20", t["what"][3], "received", irregular={"code": "x"}, why=t["why"], rule="TUR/12#art-4"
        ),
        _act(t, "IRQ/12", HOSTILE, "said", **{**dreadful, "fields": [(HOSTILE, HOSTILE)]}),
    ]
    rows = [
        [t["long"], t["office"], t["day"], mark],
        [HOSTILE, t["committee"], t["day"], mark],
        [t["item"], Markup('<bdi class="ref" dir="ltr">15/2024</bdi>'), t["day"], mark],
    ]
    halves = [("TUR/17", "#TUR-17"), ("IRQ/9", "#IRQ-9")]
    article = {tag: Markup("<p>{}</p>").format(words[1]) for tag, words in _ARTICLE.items()}
    return made.get_template("gallery.html").render(
        **frame(lang, prefix),
        t=t,
        hostile=HOSTILE,
        parties=parties,
        acts=acts,
        three=[*parties, ("WTR", t["committee"])],
        few=[_act(t, ref, t["what"][0], "said") for ref in ("WTR/1", "TUR/31", "IRQ/32", "WTR/33")],
        rows=rows,
        wide=[row + row for row in rows],
        milestones=[
            {
                "what": t["agreed"],
                "standing": "settled",
                "halves": halves,
                "time": "2024-08-15",
                "shown_time": t["day"],
            },
            {"what": t["what"][2], "standing": "said", "halves": halves[:1]},
        ],
        provisions=[
            {"number": "", "heading": True, "texts": {tag: words[0] for tag, words in _ARTICLE.items()}},
            {"number": "4(1)", "id": "art-4", "texts": article},
            {"number": "4(2)", "texts": {**article, "en": HOSTILE}},
        ],
        svg=Markup(_SVG),
    )
