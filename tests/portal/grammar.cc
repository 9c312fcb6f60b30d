#include "grammar.h"

#include <iterator>

#include "random.h"

namespace fangzhi::portal {
namespace {

constexpr std::string_view kPlaces[] = {
    "城关镇", "东河镇", "西滩镇",   "柳林镇", "沙井乡",   "石桥镇",   "北湾乡",     "南山镇",
    "新渠镇", "清泉乡", "黄草坝镇", "马营乡", "河口镇",   "双塔乡",   "红崖镇",     "高台沟乡",
    "白杨镇", "青石乡", "下川镇",   "上沟乡", "三道堡镇", "金水街道", "玉门巷社区", "安定街道",
};
constexpr std::string_view kOrganisations[] = {
    "县农业农村局", "县发展和改革局", "县教育局",       "县财政局",           "县自然资源局",
    "县水务局",     "县林业和草原局", "县卫生健康局",   "县市场监管局",       "县应急管理局",
    "县交通运输局", "县民政局",       "县文化和旅游局", "县住房和城乡建设局", "县人力资源和社会保障局",
    "县审计局",     "县统计局",       "县乡村振兴中心",
};
constexpr std::string_view kSources[] = {
    "河西县融媒体中心",     "河西县农业农村局", "河西日报",     "县政府办公室",
    "河西县统计局",         "河西县水务局",     "县委宣传部",   "河西县教育局",
    "河西县乡村振兴中心",   "河西县应急管理局", "祁南市政府网", "河西县财政局",
    "河西县城关镇人民政府",
};
constexpr std::string_view kPeople[] = {
    "李喆",   "王建国", "张玉梅", "赵永强", "马晓燕", "刘镕",
    "陈志远", "杨春华", "孙立新", "周明",   "吴海英", "郑国栋",
};
// Verb phrases before a topic; their number is the period of a title's revisions.
constexpr std::string_view kVerbs[] = {
    "扎实推进", "全力抓好",     "积极开展", "持续深化", "加快推动",     "统筹做好", "有序实施",
    "着力加强", "多措并举推进", "稳步推进", "全面落实", "精准发力抓实", "创新开展",
};
constexpr std::string_view kTopics[] = {
    "农村人居环境整治", "高标准农田建设",   "乡村产业振兴",     "农民合作社规范提升", "义务教育均衡发展",
    "校园安全管理",     "春耕备耕",         "森林草原防火",     "防汛抗旱",           "节水灌溉改造",
    "招商引资",         "项目建设",         "营商环境优化",     "安全生产检查",       "食品药品监管",
    "基层医疗服务",     "养老服务体系建设", "就业创业培训",     "文化旅游融合发展",   "数字政府建设",
    "政务服务标准化",   "农产品质量监测",   "戈壁农业发展",     "规模化种植",         "畜禽粪污利用",
    "水库移民后期扶持", "交通秩序整治",     "城区老旧小区改造", "饮用水源保护",       "大气污染防治",
    "统计监测",         "国土空间规划",     "消防安全宣传",     "法律援助服务",       "残疾人康复服务",
    "困难群众救助",     "农机购置补贴",     "耕地地力保护",     "政府信息公开",       "清洁取暖改造",
};
constexpr std::string_view kEndings[] = {"工作", "", "取得新进展", "见实效", "重点任务", "专项行动"};
constexpr std::string_view kCrops[] = {"玉米", "枸杞", "马铃薯", "蜜瓜", "洋葱",
                                       "苜蓿", "蔬菜", "中药材", "油菜", "小麦"};

// %p place, %o organisation, %t topic, %k crop, %n number, %s small number, %d decimal, %c per cent, %y year,
// %m month, %a day, %g person.
constexpr std::string_view kOpenings[] = {
    "近年来，%p把%t作为重点任务，进一步完善工作机制，强化责任落实，各项工作稳步推进、成效明显。",
    "%m月%a日，%o组织召开%t工作推进会，总结前一阶段工作，安排部署下一步重点任务。",
    "今年以来，%o紧紧围绕县委、县政府中心工作，以%t为抓手，持续优化服务，推动各项措施落地见效。",
    "为进一步加强%t，%o结合当地实际，制定实施方案，明确目标任务，确保工作有力有序开展。",
    "%m月%a日至%a日，县人民政府副县长%g带领%o负责人深入%p，实地调研%t情况。",
    "记者从%o了解到，截至目前，全县%t各项指标均按计划完成，为全年工作打下了良好基础。",
};
constexpr std::string_view kSentences[] = {
    "截至目前，全县已完成投资%d亿元，占年度计划的%c%，带动农户%n户。",
    "全县专业合作社发展到%n家，入社成员达到%d万人，规范运营的占%c%。",
    "会议强调，要提高认识，压实责任，严格对照标准要求，确保各项任务按期完成。",
    "%p建立领导包抓、部门联动的工作机制，定期研究解决困难和问题。",
    "各乡镇要加强组织领导，细化工作措施，认真开展自查，及时报送工作情况。",
    "据统计，%y年全县种植%k%d万亩，产值达到%d亿元，农民人均增收%n元。",
    "依托戈壁生态农业产业链，大力发展规模化种植、标准化生产和品牌化销售，为群众增收创出了一条新路。",
    "在%p，%k长势喜人，当地农户正抓紧时间进行田间管理。",
    "通过张贴公告、发放宣传单、入户讲解等方式，累计发放资料%n份，接受群众咨询%n人次。",
    "%o选派技术人员%s名，深入田间地头开展指导服务，举办培训班%s期，培训农民%n人次。",
    "同时，进一步健全监测预警制度，落实专人负责，做到早发现、早报告、早处理。",
    "下一步，%o将继续加大工作力度，补齐短板弱项，推动%t再上新台阶。",
    "%p干部%g说：“现在政策好、服务到位，大家的干劲更足了。”",
    "坚持问题导向，建立整改台账，对排查出的%s个问题逐一明确责任单位和完成时限。",
    "按照“政府引导、市场运作、群众参与”的原则，统筹整合各类资金%n万元，集中用于%t。",
    "项目建成后，预计每年可节约用水%n万立方米，受益人口%d万人；区域生态环境也将得到改善。",
    "全县新建改建农村道路%n公里，新增停车位%n个，群众出行更加方便。",
    "会上，%o、%p等单位负责人作了交流发言，就存在的困难提出了意见建议。",
    "要突出重点，抓住关键环节，切实把%t各项要求落到实处；要加强督导检查，对工作不力的严肃问责。",
    "目前，%p已建成日光温室%n座，引进龙头企业%s家，吸纳周边群众就业%n人。",
    "实现了从“单打独斗”到“抱团发展”的转变，形成了产前、产中、产后一体化服务体系。",
    "群众满意度达到%c%，比上年提高%s个百分点。",
    "全面推行网上办理，办理时限压缩%c%，累计受理事项%n件，办结率达到99%。",
    "建设覆盖县、乡、村三级的服务网络，配备工作人员%n名，实现资源共享、优势互补。",
    "%o负责人介绍，将认真贯彻落实上级决策部署，因地制宜、分类指导，稳妥有序推进各项改革。",
    "其中，国家级示范社%s家，省级示范社%s家，市级示范社%n家，县级示范社%n家。",
    "严格执行审批程序，规范资金使用管理，自觉接受社会监督，确保每一分钱都用在刀刃上。",
    "广大党员干部发挥先锋模范作用，主动认领岗位，为特殊困难群体提供代办、帮办服务%n次。",
    "预计到%y年底，全县%t覆盖率将达到%c%以上，基本形成布局合理、功能完善的格局。",
    "气象部门预计，未来几天我县仍有降水过程，请各单位做好应对准备，遇有重大情况及时上报。",
};
constexpr std::string_view kNoticeSentences[] = {
    "各乡镇人民政府、县政府有关部门要高度重视，抓好组织实施，重大事项及时向县政府报告。",
    "本通知自印发之日起施行，有效期%s年。",
    "申报单位应当于%m月%a日前将申报材料一式%s份报送%o，逾期不予受理。",
    "一、总体要求。坚持以人民为中心的发展思想，着力解决群众关心的突出问题，推动%t高质量发展。",
    "二、重点任务。围绕%t，细化分解任务%s项，逐项明确牵头单位、责任单位和完成时间。",
    "三、保障措施。强化组织领导，加强资金保障，严格监督考核，营造良好氛围。",
    "联系单位：%o；联系电话：0000-550%n。",
    "公示期间，任何单位和个人如有异议，请以书面形式向%o反映，并提供真实姓名和联系方式。",
    "对未按要求完成任务的，由%o予以通报，并限期整改。",
};

template <size_t kCount>
std::string_view Pick(const std::string_view (&list)[kCount], Random* random) {
  return list[random->Below(kCount)];
}

void AppendDecimal(Random* random, std::string* out) {
  *out += std::to_string(random->Between(1, 98));
  *out += '.';
  *out += static_cast<char>('1' + random->Below(9));
}

void Expand(std::string_view pattern, Random* random, std::string* out) {
  size_t from = 0;
  while (true) {
    const size_t mark = pattern.find('%', from);
    if (mark == std::string_view::npos) break;
    out->append(pattern.substr(from, mark - from));
    from = mark + 2;
    switch (mark + 1 < pattern.size() ? pattern[mark + 1] : '\0') {
      case 'p':
        out->append(Pick(kPlaces, random));
        break;
      case 'o':
        out->append(Pick(kOrganisations, random));
        break;
      case 't':
        out->append(Pick(kTopics, random));
        break;
      case 'k':
        out->append(Pick(kCrops, random));
        break;
      case 'g':
        out->append(Pick(kPeople, random));
        break;
      case 'n':
        out->append(std::to_string(random->Between(21, 989)));
        break;
      case 's':
        out->append(std::to_string(random->Between(2, 19)));
        break;
      case 'd':
        AppendDecimal(random, out);
        break;
      case 'c':
        out->append(std::to_string(random->Between(31, 97)));
        break;
      case 'y':
        out->append(std::to_string(random->Between(2019, 2024)));
        break;
      case 'm':
        out->append(std::to_string(random->Between(1, 12)));
        break;
      case 'a':
        out->append(std::to_string(random->Between(1, 28)));
        break;
      default:
        *out += '%';
        from = mark + 1;
    }
  }
  out->append(pattern.substr(from));
}

}  // namespace

std::string MakeTitle(Genre genre, uint64_t hash, uint32_t revision) {
  Random random(hash);
  const size_t verb = (random.Below(std::size(kVerbs)) + revision) % std::size(kVerbs);
  const uint32_t shape = random.Below(genre == Genre::kNews ? 4 : 3);
  std::string title;
  if (genre == Genre::kNotice) {
    const std::string_view organisation = Pick(kOrganisations, &random);
    const std::string_view topic = Pick(kTopics, &random);
    if (shape == 0) title = std::string("河西").append(organisation).append("关于");
    if (shape == 1) title = "关于";
    if (shape == 2) title = "河西县人民政府办公室关于";
    return title.append(kVerbs[verb]).append(topic).append(shape == 1 ? "有关事项的公告" : "工作的通知");
  }
  if (genre == Genre::kPolicy) {
    const std::string_view topic = Pick(kTopics, &random);
    const int year = random.Between(2019, 2024);
    title = shape == 0   ? "河西县人民政府关于印发《河西县"
            : shape == 1 ? "河西县人民政府办公室关于印发《"
                         : "关于印发《河西县";
    title += std::to_string(year);
    return title.append("年").append(kVerbs[verb]).append(topic).append("实施方案》的通知");
  }
  switch (shape) {
    case 0:
      title.append(Pick(kPlaces, &random)).append(kVerbs[verb]).append(Pick(kTopics, &random));
      return title.append(Pick(kEndings, &random));
    case 1:
      title.append("河西").append(Pick(kOrganisations, &random)).append(kVerbs[verb]);
      return title.append(Pick(kTopics, &random)).append("工作");
    case 2:
      title.append(Pick(kPlaces, &random)).append("：").append(kVerbs[verb]).append(Pick(kTopics, &random));
      return title.append(" ").append(Pick(kCrops, &random)).append("产业焕发新活力");
    default:
      title.append(Pick(kPeople, &random)).append("到").append(Pick(kPlaces, &random)).append("调研");
      return title.append(Pick(kTopics, &random))
          .append("工作时强调：要")
          .append(kVerbs[verb])
          .append("各项任务");
  }
}

std::string MakeParagraph(Genre genre, uint64_t hash, bool opening) {
  Random random(hash);
  std::string text;
  text.reserve(1024);
  if (opening) Expand(Pick(kOpenings, &random), &random, &text);
  const int count = random.Between(2, 5);
  for (int i = 0; i < count; ++i) {
    if (genre != Genre::kNews && random.Below(3) == 0) {
      Expand(Pick(kNoticeSentences, &random), &random, &text);
    } else {
      Expand(Pick(kSentences, &random), &random, &text);
    }
  }
  return text;
}

std::string_view MakeSource(uint64_t hash, uint32_t revision) {
  return kSources[(hash % std::size(kSources) + revision) % std::size(kSources)];
}

std::string_view MakePerson(uint64_t hash) {
  return kPeople[hash % std::size(kPeople)];
}

std::string_view MakeOrganisation(uint64_t hash) {
  return kOrganisations[hash % std::size(kOrganisations)];
}

std::string WholeVocabulary() {
  std::string all;
  const auto add = [&all](const auto& list) {
    for (std::string_view text : list) all.append(text);
  };
  add(kPlaces);
  add(kOrganisations);
  add(kSources);
  add(kPeople);
  add(kVerbs);
  add(kTopics);
  add(kEndings);
  add(kCrops);
  add(kOpenings);
  add(kSentences);
  add(kNoticeSentences);
  return all;
}

}  // namespace fangzhi::portal
