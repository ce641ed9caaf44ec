"""
Language codes of three letters (ISO 639-2/T), as E2B(R3) asks for them.

Source: ISO 639-1 and 639-2, the languages of the ICH members and of the countries
from which cases come; another two-letter code stays as it is and is objected to.
"""

from collections.abc import Mapping

_PAIRS = """
ar=ara bg=bul bn=ben bs=bos ca=cat cs=ces da=dan de=deu el=ell en=eng es=spa et=est
fa=fas fi=fin fr=fra ga=gle he=heb hi=hin hr=hrv hu=hun hy=hye id=ind is=isl it=ita
ja=jpn ka=kat kk=kaz km=khm ko=kor lt=lit lv=lav mk=mkd mn=mon ms=msa mt=mlt my=mya
nb=nob nl=nld nn=nno no=nor pl=pol pt=por ro=ron ru=rus sk=slk sl=slv sq=sqi sr=srp
sv=swe sw=swa ta=tam te=tel th=tha tl=tgl tr=tur uk=ukr ur=urd uz=uzb vi=vie zh=zho
"""

THREE_LETTERS: Mapping[str, str] = dict(pair.split("=") for pair in _PAIRS.split())
