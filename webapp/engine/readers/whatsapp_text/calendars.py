"""Days since 1970-01-01 from year, month and day in the calendars that phones write.

Buddhist and Minguo years are Gregorian years with another count. The Persian rule is the 33-year cycle (8 leap
years), which agrees with the official calendar throughout our times; the Islamic one is the tabular civil calendar,
which may differ from the sighted month by a day.
Source for the Islamic rule: E. M. Reingold, N. Dershowitz, “Calendrical Calculations”.
"""

from datetime import date

_EPOCH = date(1970, 1, 1).toordinal()
_BUDDHIST_OFFSET = 543
_NOWRUZ_1401 = date(2022, 3, 21).toordinal() - _EPOCH
# 1 Muharram 1 AH, 16 July 622 in the Julian calendar.
_ISLAMIC_EPOCH = date(622, 7, 19).toordinal()


def days_since_epoch(year: int, month: int, day: int, calendar: str = "") -> int | None:
    """Days since 1970-01-01, or None where there is no such day. Years of two digits mean 2000–2099.

    `calendar` is "", gregorian, buddhist, persian, islamic; "" decides by the year: 2400–2700 Buddhist,
    1380–1419 Persian, 1420–1479 Islamic.
    """
    if not calendar:
        calendar = _calendar_of(year)
    if calendar == "persian":
        return _persian(year, month, day)
    if calendar == "islamic":
        return _islamic(year, month, day)
    if calendar == "buddhist":
        year = year - _BUDDHIST_OFFSET if year > 99 else year + 2500 - _BUDDHIST_OFFSET
    elif year < 100:
        year += 2000
    try:
        return date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None


def _calendar_of(year: int) -> str:
    if 2400 <= year <= 2700:
        return "buddhist"
    if 1380 <= year < 1420:
        return "persian"
    if 1420 <= year < 1480:
        return "islamic"
    return "gregorian"


def _persian(year: int, month: int, day: int) -> int | None:
    if not (1 <= month <= 12 and 1 <= day <= (31 if month <= 6 else 30)) or not 100 < year < 3000:
        return None
    if month == 12 and day == 30 and (8 * year + 21) % 33 < 25:
        return None
    days = 31 * (month - 1) if month <= 7 else 30 * (month - 1) + 6
    return _days_before_persian(year) - _days_before_persian(1401) + days + day - 1 + _NOWRUZ_1401


def _days_before_persian(year: int) -> int:
    return 365 * (year - 1) + (8 * year + 21) // 33


def _islamic(year: int, month: int, day: int) -> int | None:
    if not (1 <= month <= 12 and 1 <= day <= 30) or not 100 < year < 3000:
        return None
    days = 354 * (year - 1) + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2
    return _ISLAMIC_EPOCH - 1 + days + day - _EPOCH
