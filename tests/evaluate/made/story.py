"""One article before any system has dressed it: its fields, and its text as blocks that every system writes in its own way."""
import datetime
import html

from .language import Language

CHINESE = "〇一二三四五六七八九"


def chinese_number(n):
    if n < 10:
        return CHINESE[n]
    tens, ones = divmod(n, 10)
    return ("" if tens == 1 else CHINESE[tens]) + "十" + (CHINESE[ones] if ones else "")


def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)


DATE_FORMS = [
    lambda d: d.strftime("%Y-%m-%d"),
    lambda d: "%d-%d-%d" % (d.year, d.month, d.day),
    lambda d: d.strftime("%Y/%m/%d"),
    lambda d: "%d/%d/%d" % (d.year, d.month, d.day),
    lambda d: d.strftime("%Y.%m.%d"),
    lambda d: "%d.%d.%d" % (d.year, d.month, d.day),
    lambda d: d.strftime("%Y年%m月%d日"),
    lambda d: "%d年%d月%d日" % (d.year, d.month, d.day),
    lambda d: "[ %d年%d月%d日]" % (d.year, d.month, d.day),
    lambda d: "（%s）" % d.strftime("%Y-%m-%d"),
    lambda d: full_width("%d年%d月%d日" % (d.year, d.month, d.day)),
    lambda d: "%d 年 %d 月 %d 日" % (d.year, d.month, d.day),
    lambda d: "".join(CHINESE[int(c)] for c in str(d.year)) + "年%s月%s日" % (chinese_number(d.month), chinese_number(d.day)),
    lambda d: ("".join(CHINESE[int(c)] for c in str(d.year)) + "年%s月%s日" % (chinese_number(d.month), chinese_number(d.day))).replace("〇", "○"),
    lambda d: d.strftime("%Y%m%d"),
]
MINUTE_FORMS = [
    lambda d: d.strftime("%Y-%m-%d %H:%M"),
    lambda d: "%d-%d-%d %d:%02d" % (d.year, d.month, d.day, d.hour, d.minute),
    lambda d: d.strftime("%Y/%m/%d %H:%M"),
    lambda d: d.strftime("%Y年%m月%d日 %H:%M"),
    lambda d: d.strftime("%Y年%m月%d日%H:%M"),
    lambda d: "%d年%d月%d日 %d时%02d分" % (d.year, d.month, d.day, d.hour, d.minute),
    lambda d: d.strftime("%Y.%m.%d %H:%M"),
    lambda d: d.strftime("%Y-%m-%d&nbsp;&nbsp;%H:%M"),
]
SECOND_FORMS = [
    lambda d: d.strftime("%Y-%m-%d %H:%M:%S"),
    lambda d: "%d/%d/%d %d:%02d:%02d" % (d.year, d.month, d.day, d.hour, d.minute, d.second),
    lambda d: d.strftime("%Y年%m月%d日 %H:%M:%S"),
    lambda d: d.strftime("%Y-%m-%d %H:%M:%S.0"),
    lambda d: d.strftime("%Y-%m-%dT%H:%M:%S+08:00"),
]

LABELS = {
    "published": ["发布时间", "发布日期", "时间", "日期", "发表时间", "发稿时间", "信息时间", "录入时间", "上传时间", "发布于", "更新时间"],
    "source": ["来源", "信息来源", "文章来源", "稿件来源", "内容来源", "消息来源", "新闻来源", "供稿单位", "来源"],
    "clicks": ["点击", "点击数", "点击量", "点击次数", "浏览", "浏览次数", "浏览量", "阅读", "阅读次数", "阅读量", "访问量", "人气", "访问次数", "被阅览数", "查看"],
    "author": ["作者", "撰稿", "文章作者", "供稿人"],
    "editor": ["编辑", "责任编辑", "责编"],
    "reviewer": ["审核", "审核人", "审稿", "校对", "终审"],
}


def escape(text):
    return html.escape(text, quote=False)


class Story:
    """Fields that are None are not on the page. `blocks` are (kind, payload); their lines are the expected body."""

    def __init__(self, seed, shape=None):
        self.language = language = Language(seed)
        r = self.random = language.random
        self.place = language.place()
        self.office = language.office(self.place)
        self.site_name = language.choice([self.office, self.place + "人民政府", self.place + "人民政府门户网站", self.place[:-1] + "新闻网",
                                          self.place[:-1] + "大学", self.office + "网站"])
        self.title = language.title()
        self.when = datetime.datetime(r.randint(2003, 2024), r.randint(1, 12), r.randint(1, 28), r.randint(7, 18), r.randint(0, 59), r.randint(0, 59))
        self.precision = language.choice(["day", "day", "minute", "second"])
        self.source = language.choice([language.media(), self.office, language.media(), "本站", None])
        self.author = language.choice([None, None, language.name(), language.name()])
        self.editor = language.choice([None, None, language.name()])
        self.clicks = language.choice([None, r.randint(1, 99), r.randint(100, 99999)])
        self.column = language.choice([["新闻中心", "要闻动态"], ["政务公开", "通知公告"], ["信息公开", "部门动态", "工作动态"], ["新闻资讯", "图片新闻"]])
        self.identity = r.randint(1000, 99999)
        self.reporter = None
        self.shape = shape or language.choice(["news"] * 5 + ["notice", "notice", "regulation", "table", "sentence", "pictures", "interview"])
        self.blocks = getattr(self, "make_" + self.shape)()
        self.attachments = []

    # Shapes of text.
    def paragraphs(self, least, most):
        return [("p", self.language.paragraph()) for _ in range(self.random.randint(least, most))]

    def make_news(self):
        blocks = self.paragraphs(2, 9)
        if self.language.chance(0.4):
            blocks.insert(self.random.randint(0, len(blocks)), ("image", self.language.choice([None, "图为%s现场。" % self.title[:6], "%s 摄" % self.language.name()])))
        if self.language.chance(0.25):
            blocks.insert(len(blocks) // 2, ("bold", self.language.choice(["强化组织领导 压紧压实责任", "从“有没有”到“好不好”", "坚持以人民为中心"])))
        if self.language.chance(0.2):
            self.reporter = self.language.name()
            blocks.append(("p", "（记者 %s 通讯员 %s）" % (self.reporter, self.language.name())))
        return blocks

    def signature(self):
        d = self.when - datetime.timedelta(days=self.random.randint(0, 20))
        form = self.language.choice([DATE_FORMS[7], DATE_FORMS[12], DATE_FORMS[6]])
        return [("right", self.office), ("right", form(d))]

    def make_notice(self):
        blocks = [("p0", self.language.choice(["各乡镇人民政府，县直各单位：", "局属各单位、各科室：", "各有关单位："]))]
        blocks += self.paragraphs(1, 2)
        for i in range(self.random.randint(2, 5)):
            blocks.append(("bold", "%s、%s" % (chinese_number(i + 1), self.language.choice(["总体要求", "报名条件", "工作安排", "有关要求", "时间地点", "保障措施"]))))
            blocks += self.paragraphs(1, 2)
        if self.language.chance(0.5):
            blocks.append(("p", "联系人：%s，联系电话：0000-%d" % (self.language.name(), self.random.randint(1000000, 9999999))))
        if self.language.chance(0.5):
            blocks.append(("p", self.language.choice(["特此通知。", "特此公告。"])))
        if self.language.chance(0.4):
            name = "%s汇总表.%s" % (self.title[:8].strip("“《【"), self.language.choice(["doc", "xls", "pdf", "docx"]))
            blocks.append(("file", "附件：" + name))
        return blocks + self.signature()

    def make_regulation(self):
        blocks = [("center", "第一章　总则")]
        for i in range(self.random.randint(4, 14)):
            blocks.append(("p", "第%s条　%s" % (chinese_number(i + 1), self.language.paragraph(1, 2))))
            if self.language.chance(0.3):
                for k in range(3):
                    blocks.append(("p", "（%s）%s；" % (chinese_number(k + 1), self.language.choice(["遵守宪法和法律", "具有良好的品行", "符合岗位要求的身体条件", "法律、行政法规规定的其他情形"]))))
        return blocks

    def make_table(self):
        rows = [["序号", "单位名称", "项目", "金额（万元）"]]
        for i in range(self.random.randint(4, 25)):
            rows.append([str(i + 1), self.language.office(), self.language.choice(["森林抚育", "校舍维修", "道路硬化", "饮水安全"]), str(self.random.randint(3, 900))])
        return self.paragraphs(0, 1) + [("table", rows)]

    def make_sentence(self):
        return [("p", self.language.choice(["局机关定于%d月3日至5日放假，请值班人员按时到岗。" % self.random.randint(1, 12),
                                            "经研究，决定任命%s同志为办公室主任。" % self.language.name(),
                                            "现将《%s》予以公布，自公布之日起施行。" % self.title.strip("《》")]))]

    def make_pictures(self):
        blocks = []
        for _ in range(self.random.randint(1, 4)):
            blocks.append(("image", self.language.choice(["%s，%s干部群众在植树。" % (self.language.choice(["3月12日", "近日"]), self.place), None])))
        if not any(text for _, text in blocks):
            blocks.append(("p", "昨日，%s在%s举行。%s 摄" % (self.language.choice(["开工仪式", "现场会"]), self.place, self.language.name())))
        return blocks

    def make_interview(self):
        blocks = self.paragraphs(1, 1)
        for _ in range(self.random.randint(2, 5)):
            blocks.append(("p", "问：%s？" % self.language.choice(["请介绍一下有关背景", "下一步有哪些打算", "群众关心的问题如何解决"])))
            blocks.append(("p", "答：" + self.language.paragraph(2, 4)))
        return blocks

    # What the truth says.
    def lines(self):
        lines = []
        for kind, payload in self.blocks:
            if kind == "table":
                lines += ["".join(row) for row in payload]
            elif payload:
                lines.append(payload)
        return lines

    def date_text(self, form=None):
        if form is not None:
            return form(self.when)
        return self.language.choice({"day": DATE_FORMS, "minute": MINUTE_FORMS, "second": SECOND_FORMS}[self.precision])(self.when)

    def iso(self):
        if self.precision == "day":
            return self.when.strftime("%Y-%m-%d")
        return self.when.strftime("%Y-%m-%dT%H:%M:") + (self.when.strftime("%S") if self.precision == "second" else "00") + "+08:00"

    # How the text may be written.
    def body(self, style=None):
        style = style or self.language.choice(["indent", "spaces", "breaks", "word", "span", "div", "font", "section"])
        out = []
        for number, (kind, payload) in enumerate(self.blocks):
            if kind == "table":
                cells = "".join("<tr>%s</tr>" % "".join("<td>%s</td>" % ("<p>%s</p>" % c if style == "word" else c) for c in row) for row in payload)
                out.append("<table border=1 cellspacing=0 width=\"100%%\"><tbody>%s</tbody></table>" % cells)
                continue
            if kind == "image":
                out.append('<p align="center"><img src="./W0%d_%d.jpg" alt="%s" oldsrc="W02.jpg" /></p>' % (self.identity, number, escape(self.title)))
                if payload:
                    out.append(self.language.choice(['<p style="text-align:center"><span style="font-size:14px">%s</span></p>', "<p align=center>%s</p>",
                                                     "<center>%s</center>"]) % escape(payload))
                continue
            text = escape(payload)
            if kind == "file":
                label, name = payload.split("：", 1)
                text = '%s：<a href="./P%d.%s">%s</a>' % (label, self.identity, name.rsplit(".", 1)[1], escape(name))
            if kind == "bold":
                text = "<strong>%s</strong>" % text
            align = {"right": "right", "center": "center"}.get(kind)
            if align:
                out.append(self.language.choice(['<p style="text-align: %s;">%s</p>', '<p align="%s">%s</p>', '<div style="text-align:%s">%s</div>']) % (align, text))
            elif style == "indent":
                out.append('<p style="text-indent: 2em; line-height: 2em;">%s</p>' % text)
            elif style == "spaces":
                out.append("<p>　　%s</p>" % text)
            elif style == "breaks":
                out.append(("" if not out or out[-1].endswith("</p>") else "<br>") + "　　" + text + "<br />")
            elif style == "word":
                out.append('<p class="MsoNormal" style="margin:0cm 0cm 0pt;text-indent:32pt"><span style="font-family:仿宋_GB2312;mso-bidi-font-size:10.5pt">%s'
                           '<span lang="EN-US"><o:p></o:p></span></span></p>' % text)
            elif style == "span":
                half = len(payload) // 2
                if kind in ("p", "p0"):
                    text = '<span style="font-size:16px">%s</span><span>%s</span>' % (escape(payload[:half]), escape(payload[half:]))
                out.append("<p>&nbsp;&nbsp;&nbsp;&nbsp;%s</p>" % text)
            elif style == "div":
                out.append("<div>　　%s</div>" % text)
            elif style == "font":
                out.append('<p><font face="宋体" size="3">　　%s</font></p>' % text)
            elif style == "section":
                out.append("<section><section><p><span>%s</span></p></section></section>" % text)
        return "\n".join(out)

    def expected(self, url, site, family, **more):
        if self.author is None and self.reporter and ("p", "（记者 %s" % self.reporter) in [(k, (t or "")[:len(self.reporter) + 4]) for k, t in self.blocks]:
            more = {"author": self.reporter, "author_where": "body_tail", **more}
        truth = {"url": url, "site": site, "family": family, "kind": "article", "charset": "utf-8", "title": self.title, "date": {"iso": self.iso()},
                 "source": self.source, "author": self.author, "editor": self.editor, "clicks": self.clicks,
                 "body": "\n".join(self.lines())}
        truth.update(more)
        return truth


def strip(story, fields, layout, label=None, date=None, clicks_html=None, colon="："):
    """The info strip: `fields` in order ("published", "source", "clicks", "author", "editor", "reviewer", "font"), written in
    the way that `layout` names. A field that the story does not have is left out, or stays with an empty value ("+source")."""
    language = story.language
    items = []
    for field in fields:
        keep = field.startswith("+")
        field = field.lstrip("+")
        words = (label or {}).get(field) or language.choice(LABELS.get(field, [""]))
        value = {"published": date or story.date_text(), "source": story.source, "author": story.author, "editor": story.editor,
                 "clicks": None if story.clicks is None else str(story.clicks), "reviewer": language.name()}.get(field)
        if field == "clicks" and clicks_html is not None:
            value = clicks_html
        if field == "font":
            items.append(("", language.choice(["【字体：大 中 小】", "字号：[ 大 中 小 ]", "【打印】【关闭】", "字体：<a href='javascript:doZoom(16)'>大</a> <a href='javascript:doZoom(14)'>中</a> <a href='javascript:doZoom(12)'>小</a>"])))
            continue
        if value is None and not keep:
            continue
        if field == "clicks" and value and clicks_html is None and language.chance(0.3):
            value += language.choice(["次", " 次"])
        items.append((words + colon if words else "", value or ""))
    if layout == "spaces":
        return "<div class=\"info\">%s</div>" % "&nbsp;&nbsp;&nbsp;&nbsp;".join(a + b for a, b in items)
    if layout == "one-space":
        return "<p class=\"sub\">%s</p>" % " ".join(a + b for a, b in items)
    if layout == "bars":
        return "<div class=\"xl-date\">%s</div>" % " | ".join(a + b for a, b in items)
    if layout == "wide":
        return "<p align=center>%s</p>" % "　　".join(a + b for a, b in items)
    if layout == "spans":
        return "<div class=\"msg\">%s</div>" % "".join("<span>%s%s</span>" % item for item in items)
    if layout == "nested":
        return "<div class=\"tit_sub\">%s</div>" % "\n".join("<span>%s<em>%s</em></span>" % item for item in items)
    if layout == "split":
        return "<div class=\"fbt\">%s</div>" % "".join("<i>%s</i><b>%s</b>" % item for item in items)
    if layout == "list":
        return "<ul class=\"attr\">%s</ul>" % "".join("<li>%s%s</li>" % item for item in items)
    if layout == "cells":
        return "<table width=100%%><tr>%s</tr></table>" % "".join("<td align=center>%s%s</td>" % item for item in items)
    if layout == "brackets":
        return "<div class=\"ly\">【%s】</div>" % "&nbsp;&nbsp;".join(a + b for a, b in items)
    if layout == "lines":
        return "<div class=\"ly\">%s</div>" % "<br>".join(a + b for a, b in items)
    if layout == "glued":
        return "<div class=\"ly\">%s</div>" % "".join(a + b for a, b in items)
    raise ValueError(layout)


LAYOUTS = ["spaces", "one-space", "bars", "wide", "spans", "nested", "split", "list", "cells", "brackets", "lines", "glued"]
