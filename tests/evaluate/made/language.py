"""Invented Chinese news: titles, paragraphs, names, numbers. Everything is made from a seed; no text is anybody's."""
import random

PLACES = ["青石市", "云岭县", "白沙区", "临河县", "望江市", "石桥镇", "金坪县", "东湖区", "澄川市", "枫林县", "雁湖市", "柳溪县"]
OFFICES = ["林业局", "教育局", "市场监督管理局", "发展和改革委员会", "交通运输局", "卫生健康委员会", "财政局", "生态环境局", "农业农村局",
           "人力资源和社会保障局", "应急管理局", "文化和旅游局", "自然资源局", "水务局", "统计局", "审计局", "医疗保障局", "科学技术局"]
MEDIA = ["青石日报", "云岭新闻网", "望江晚报", "雁湖融媒体中心", "新华社", "人民日报", "中国青年报", "澄川发布", "柳溪广播电视台", "经济日报",
         "临河县融媒体中心", "枫林在线", "《雁湖学刊》2019年第2期", "中国政府网", "央视新闻客户端", "光明日报"]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = ["伟", "芳", "敏", "静", "建国", "秀英", "志强", "晓燕", "文博", "思远", "海燕", "国栋", "雨桐", "明辉", "丽华", "俊杰", "春梅", "立新"]
TOPICS = ["春季造林", "安全生产", "义务教育", "防汛抗旱", "营商环境", "疫情防控", "乡村振兴", "医保支付", "网络安全", "森林防火", "人才引进",
          "食品安全", "老旧小区改造", "数据共享", "水资源管理", "基层治理", "科技创新", "文物保护", "粮食收购", "公共交通"]
VERBS = ["召开", "启动", "举行", "部署", "推进", "发布", "印发", "调研", "督导", "完成"]

SENTENCES = [
    "{date}，全市{topic}工作推进会在{place}召开，各单位分管负责人共{n}余人参加会议。",
    "会议指出，要充分认识{topic}的重要意义，坚持问题导向，压实工作责任，确保各项任务落到实处。",
    "据了解，今年以来，{place}累计投入资金{n}万元，用于{topic}项目建设，惠及群众{m}人。",
    "“我们将继续完善{topic}长效机制，让群众得到更多实惠。”{office}有关负责人{name}表示。",
    "截至目前，全县共排查隐患{n}处，整改到位{m}处，整改率达到{p}%。",
    "下一步，{place}将按照“统一部署、分级负责”的原则，进一步加大{topic}力度，力争年底前全面完成目标任务。",
    "与会人员还实地查看了{place}项目现场，听取了进度、质量和资金保障情况的汇报。",
    "各部门要密切配合，形成合力；对工作不力、推诿扯皮的，要严肃追究责任。",
    "根据《{place}{topic}管理办法》（{short}发〔{year}〕{k}号）的有关规定，现将有关事项通知如下：",
    "本次活动共收到作品{n}件，经初评、复评和终评，评选出一等奖{k}件、二等奖{m}件。",
    "在{place}，{name}一家刚刚搬进新居，说起今年的变化，他掩饰不住内心的喜悦。",
    "记者从{office}获悉，该项目总投资{n}亿元，计划{year}年{k}月建成投入使用。",
    "专家组听取了项目单位的汇报，查阅了相关资料，经质询和讨论，一致同意通过验收。",
    "当天，{n}名志愿者走进社区，向居民发放宣传资料{m}余份，解答群众提问，受到广泛好评。",
    "数据显示，前三季度实现地区生产总值{n}.{k}亿元，同比增长{k}.{d}%；其中第一产业增加值{m}亿元。",
    "会议强调，要严格落实网络安全责任制，防范页面被篡改、数据被窃取等事件，发现访问异常及时处置。",
    "请各单位于{year}年{k}月{d}日前将总结材料报送{office}办公室，逾期视为放弃。",
    "一是强化组织领导，成立工作专班；二是细化工作措施，建立台账；三是加强宣传引导，营造氛围。",
]
SHORT = ["请按时参加。", "特此通知。", "特此公告。", "望遵照执行。"]


class Language:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.choice = self.random.choice

    def chance(self, p):
        return self.random.random() < p

    def name(self):
        return self.choice(SURNAMES) + self.choice(GIVEN)

    def place(self):
        return self.choice(PLACES)

    def office(self, place=None):
        return (place or self.place()) + self.choice(OFFICES)

    def media(self):
        return self.choice(MEDIA)

    def document_number(self, year):
        left, right = self.choice(["〔〕", "〔〕", "〔〕", "[]", "（）"])
        return "%s%s%d%s%d号" % (self.choice(["青政发", "云政办发", "白教", "望财预", "枫林发改投资", "澄人社规"]), left, year, right,
                               self.random.randint(1, 200))

    def fill(self, sentence):
        r = self.random
        return sentence.format(date=self.choice(["昨日上午", "%d月%d日" % (r.randint(1, 12), r.randint(1, 28)), "近日", "日前"]),
                               topic=self.choice(TOPICS), place=self.place(), office=self.office(), name=self.name(),
                               n=r.randint(20, 900), m=r.randint(10, 9000), p=r.randint(60, 99), year=r.randint(2008, 2024),
                               k=r.randint(1, 9), d=r.randint(1, 28), short="青政")

    def paragraph(self, least=1, most=4):
        return "".join(self.fill(self.choice(SENTENCES)) for _ in range(self.random.randint(least, most)))

    def title(self):
        r = self.random
        place, topic, year = self.place(), self.choice(TOPICS), r.randint(2008, 2024)
        return self.choice([
            lambda: "全市%s工作推进会在%s召开" % (topic, place),
            lambda: "%s人民政府办公室关于印发%s%s实施方案的通知" % (place, place, topic),
            lambda: "%s关于公布%d年%s示范单位名单的公告" % (self.office(place), year, topic),
            lambda: "%s：%s结硕果 为民服务暖人心" % (place, topic),
            lambda: "“%s宣传月”活动在%s启动" % (topic, place),
            lambda: "%s%s%s工作" % (place, self.choice(["扎实推进", "全面部署", "多举措做好"]), topic),
            lambda: "一图读懂｜%s%s行动计划（%d—%d年）" % (place, topic, year, year + 4),
            lambda: "《%s%s条例》解读" % (place, topic),
            lambda: "%s%d年度%s项目招标公告" % (place, year, topic),
            lambda: "关于%s的通知" % topic,
            lambda: "%s领导调研%s工作时强调 坚持系统观念 强化责任落实" % (place, topic),
            lambda: "%d年%s高校毕业生“三支一扶”计划招募公告(第%d号)" % (year, place, r.randint(1, 9)),
            lambda: "【基层动态】%s%s出实招" % (place, topic),
            lambda: "%s财政收支情况（%d年%d月）" % (place, year, r.randint(1, 12)),
            lambda: "省审计厅赴%s开展%s专项审计" % (place, topic),
            lambda: "图解：%s的“%d个怎么办”" % (topic, r.randint(3, 12)),
            lambda: "%s召开安全生产“开工第一课”暨%s会议——全面压实责任" % (place, topic),
            lambda: "%s-%s高速公路建成通车" % (place[:-1], self.place()[:-1]),
        ])()

    def roman_title(self):
        return "%s2021 %s API 开放日" % (self.place(), self.choice(["Open Data", "5G", "AI+"]))
