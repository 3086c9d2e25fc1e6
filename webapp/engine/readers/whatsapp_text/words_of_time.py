# ruff: noqa: SIM905
"""The words that surround dates and times, by language. Keys are compared casefolded, without dots and spaces.

CLDR's short day periods and what phones were seen to write. A locale is added by adding its words here.
"""

AM, PM, NOON_WORD = "am", "pm", "noon"

DAY_PERIODS: dict[str, str] = {
    **dict.fromkeys(("am", "fm", "vorm", "de", "ap", "ip.ap", "dop", "dopo", "prijepodne", "prepodne"), AM),
    **dict.fromkeys(("pm", "em", "nachm", "du", "ip", "odp", "pop", "popoldne", "poslijepodne"), PM),
    # Arabic, Persian, Urdu, Hebrew
    **dict.fromkeys(("ص", "صباحًا", "صباحا", "قظ", "قبلازظهر", "قبل‌ازظهر", "لפנה״צ", "לפנה״צ", 'לפנה"צ'), AM),
    **dict.fromkeys(("م", "مساءً", "مساء", "ظهرًا", "بظ", "بعدازظهر", "بعد‌ازظهر", "אחה״צ", 'אחה"צ'), PM),
    # Chinese, Japanese, Korean
    **dict.fromkeys(("凌晨", "清晨", "早上", "上午", "午前", "오전", "零时", "早晨"), AM),
    **dict.fromkeys(("下午", "晚上", "傍晚", "午後", "오후"), PM),
    **dict.fromkeys(("中午", "正午"), NOON_WORD),
    # Vietnamese, Thai, Lao, Khmer, Burmese, Malay, Filipino
    **dict.fromkeys(("sa", "ก่อนเที่ยง", "ກ່ອນທ່ຽງ", "ព្រឹក", "នព្រឹក", "နံနက်", "pg"), AM),
    **dict.fromkeys(("ch", "หลังเที่ยง", "ຫຼັງທ່ຽງ", "ល្ងាច", "ညနေ", "ptg"), PM),
    # India and Sri Lanka
    **dict.fromkeys(("पूर्वाह्न", "मपू", "पूर्व मध्यान्ह", "পূর্বাহ্ণ", "ਪੂਦੁ", "પૂર્વાહ્ન", "முற்பகல்", "ఉదయం", "ಪೂರ್ವಾಹ್ನ", "පෙව"), AM),
    **dict.fromkeys(("अपराह्न", "मउ", "মধ্যাহ্নের পর", "অপরাহ্ণ", "ਬਾਦੁ", "અપરાહ્ન", "பிற்பகல்", "సాయంత్రం", "ಅಪರಾಹ್ನ", "පව"), PM),
    # Greek, Cyrillic
    **dict.fromkeys(("πμ", "дп", "прпл", "претпл", "пре подне", "пробед", "проб", "үө", "түске дейін"), AM),
    **dict.fromkeys(("μμ", "пп", "попл", "по подне", "слоб", "следоб", "үх", "түстен кейін"), PM),
    # Turkish, Uzbek, Azerbaijani, Albanian, Latvian, Lithuanian, Estonian, Basque, Armenian
    **dict.fromkeys(("öö", "to", "pd", "priekšp", "priekšpusdienā", "priešpiet", "el", "կա"), AM),
    **dict.fromkeys(("ös", "tk", "md", "pēcp", "pēcpusdienā", "popiet", "pl", "կհ"), PM),
}

# Words between or around a date and a time that say nothing.
CONNECTORS: frozenset[str] = frozenset(
    "klo kl um uhr a las alas à ale alle às as at om o u в у г р ж godz ore ora στις saat lúc pukul jam เวลา น "
    "ad ce h hrs ч בשעה".split()
)

# Words that name the calendar of the date they follow.
CALENDARS: dict[str, str] = {
    "be": "buddhist", "พศ": "buddhist", "ค.ศ": "gregorian", "คศ": "gregorian",
    "ah": "islamic", "هـ": "islamic", "ه": "islamic", "ap": "persian", "هش": "persian", "roc": "minguo",
}  # fmt: skip

# Era marks that stand directly before the year: the Gregorian year before its first.
ERAS: dict[str, int] = {
    "r": 2018, "令和": 2018, "h": 1988, "平成": 1988, "s": 1925, "昭和": 1925, "t": 1911, "大正": 1911,
    "m": 1867, "明治": 1867, "民國": 1911, "民国": 1911, "minguo": 1911,
}  # fmt: skip
