"""Patterns that tell the role of a line from its words: byline, jump, masthead, sentence end."""

import re

_NUMBER = r"[0-9〇零一二三四五六七八九十廿卅百○Ｏ０-９]+"
"""A number in Chinese or Arabic digits, of half or full width."""
_OPEN, _SHUT = r"[（(【\[〔▲△◀▶●■□◆\s]*", r"[）)】\]〕▲△◀▶●■□◆。\s]*"
"""Brackets and ornaments that papers set before and after jump lines and sources."""

JUMP_TO = re.compile(
    rf"^{_OPEN}(?:下|緊|紧)?(?:转|轉){_OPEN}(?:本报)?第?\s*({_NUMBER})\s*[版頁页].{{0,8}}{_SHUT}$"
)
"""A line that says on which page the article goes on (下转第3版); group 1: the page number."""
JUMP_FROM = re.compile(
    rf"^{_OPEN}(?:上|紧|緊)?接{_OPEN}(?:本报)?第?\s*({_NUMBER})\s*[版頁页].{{0,8}}{_SHUT}$"
)
"""A line that says on which page the article began (上接第1版); group 1: the page number."""

_ROLE = (
    r"(?:记者|記者|通讯员|通訊員|评论员|評論員|特派员|特派員"
    r"|特约撰稿人?|撰稿|主笔|編輯|实习生|见习记者)"
)
"""Occupations of a newspaper that stand in bylines."""
_AGENCY = (
    r"(?:新华社|新華社|中新社|中央社|路透社?|哈瓦斯|海通社|同盟社|国民社|國民社"
    r"|本报|本報|本埠|本市|外埠|本刊)"
)
"""News agencies, and the words by which a paper calls itself or its town."""
BYLINE = re.compile(
    rf"^[（(◎□■●▲△○\s]*(?:{_AGENCY}.{{0,8}})?(?:首席|特约|特派|见习|实习|驻.{{1,6}})?{_ROLE}.{{0,30}}$"
    rf"|^{_OPEN}(?:据|據)?{_AGENCY}.{{0,14}}(?:电|電|讯|訊|消息|供稿|专稿){_SHUT}$"
    rf"|^{_OPEN}{_AGENCY}(?:专|專|特|要|通)?(?:电|電|讯|訊|写|寫|稿|信){_SHUT}$"
    r"|^[（(]?(?:作者|文|图|摄影|编译|撰文|口述|整理|特约撰稿)\s*[:：/／|].{2,24}$"
    r"|^.{2,8}(?:著|撰|译|譯|述|編)$"
)
"""Authors (本报记者 王某) or an agency as the source (新华社北京1日电), alone on a line."""
_REPORTS = re.compile(
    r"[昨今明]日|昨天|今天|日从|获悉|獲悉|了解到|报道|報道|^.{0,8}[讯訊电電][^（(]{8,}|^本[报報刊][讯訊].|[。；！？]"
)
"""Words and marks of a sentence that reports something: a line with them is no byline."""
NAME = re.compile(r"^[□■●◎○▲△]?[\u3400-\u9fff·]{2,5}[□■●◎○▲△]?$")
"""Two to five ideographs, with or without the marks (□, ●) that papers set around names."""

MASTHEAD = re.compile(
    rf"{_NUMBER}\s*年\s*{_NUMBER}\s*月|星期[一二三四五六日天]|禮拜|第\s*{_NUMBER}\s*[期号號版張张]|今日\s*{_NUMBER}\s*版"
    r"|农历|農曆|夏历|(?:责任?编辑?|编辑|校对|组版|版式|美编|排版|值班|总编)\s*[:：]|国内统一|CN\s*\d|邮发代号|http|www\.|零售|定价"
    r"|中華民國|民國.{1,8}年|創刊|主编|本版"
)
"""Words of a paper's head or imprint: date, issue number, editors, price."""
IMPRINT = re.compile(
    rf"{MASTHEAD.pattern}|^第[千萬万{_NUMBER[1:-2]}]+[期號号]$|今日.{{0,4}}[張张]|[掛挂][號号]|新聞紙類|登記證|[發发]行[人所]"
    r"|[社館]址|社[長长]|[總总][編编][輯辑]|本[報报]每|每份|主管|主[辦办]|新[闻聞][热熱][线線]|[訂订][閱阅]"
)
"""The same and more that is printed in the box of a paper's name, and elsewhere now and then."""
CAPTION = re.compile(
    r"^[（(▲△◀▶↑→←↓\s]*(?:[图圖][为為]|[左右上下中][图圖](?:[为為]|[：:]))"
    r"|[。！？”」]\s?[^。，、！？；：]{1,12}(?<!拍)[摄攝]影?[）)]?$"
)
"""A text that says what a picture shows, or ends with who took it (王一山 摄)."""
FOLIO = re.compile(
    rf"^[A-Da-d]?\s*{_NUMBER}\s*版?$|^第?\s*{_NUMBER}\s*版.{{0,6}}$|^[A-D]?\d{{1,2}}\s*[\u4e00-\u9fff]{{1,6}}$"
)
"""A page number with or without the name of the section: 第3版, A3, 12 国际."""
ADVERTISEMENT = re.compile(
    r"热线|電話|电话|传真|地址|訂購|订购|订阅|招聘|招租|出售|出租|遗失|聲明|声明|公告|启事|啟事|优惠|價目|售价|特价|大減價|廣告|广告|网址|二维码|微信"
)
"""Words that advertisements and notices have and news seldom has."""

LABEL = re.compile(
    r"^[◆◇●○■□★☆▲△【〔\[\s]*(?:[本各国國外省市县縣邑埠地方京沪滬港]{0,4}"
    r"(?:[简簡短微快零][讯訊报報]|瑣聞|琐闻|要[闻聞]|新[闻聞]|通信|通訊|通讯|[电電][讯訊]|花絮|点滴|點滴)"
    r"|一句[话話]新[闻聞]|[简簡]明新[闻聞]|新[闻聞](?:速[递遞]|集[锦錦]|[简簡][报報]|快[递遞])|[专專][电電])"
    r"[◆◇●○■□★☆▲△】〕\]\s]*$"
)
"""The heading of a column of short pieces that have headlines of their own."""


def looks_like_byline(text: str) -> bool:
    """Tell whether a line by itself reads as names of authors or the source of a report."""
    return bool(BYLINE.match(text)) and not _REPORTS.search(text)


def looks_like_name(text: str) -> bool:
    """Tell whether a line could be the name of one person and nothing else."""
    return bool(NAME.match(text))


def find_jump_page(pattern: re.Pattern[str], text: str) -> str | None:
    """Return the page number that a jump line names, as printed; None for any other line.

    `pattern` is `JUMP_TO` or `JUMP_FROM`.
    """
    match = pattern.match(text)
    return match.group(1) if match else None


SENTENCE = re.compile(r"[。！？，；,;]")
"""A mark that running text has and the lines of an advertisement seldom have."""
SENTENCE_END = "。！？…!?"
"""Marks that end a sentence."""
CLOSING = "”’」』）》〉】)\"'"
"""Marks that may follow the end of a sentence."""
OPENING = "“‘「『（《〈【〔(\"'"
"""Marks that open a quotation, a title or a bracket."""


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends a sentence, closing quotes and brackets disregarded."""
    bare = text.rstrip(CLOSING)
    return bool(bare) and bare[-1] in SENTENCE_END


def stops_a_sentence(text: str) -> bool:
    """Tell whether running text stops here: at a sentence's end, or at the dot of Latin print.

    A dot behind an ideograph does not count by itself, as recognisers write it for other marks. The
    headlines of old papers end with one, which is why `ends_sentence` does not count dots.
    """
    bare = text.rstrip(CLOSING)
    return ends_sentence(text) or (bare[-1:] == "." and "" < bare[-2:-1] < "\u2e80")
