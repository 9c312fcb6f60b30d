// The list pages of Pages: four dialects of paging.
#include <algorithm>
#include <charconv>

#include "civil_time.h"
#include "faults.h"
#include "pages.h"
#include "truth.h"

namespace fangzhi::portal {
namespace {

// The columns' number in the system, 32 hexadecimal digits.
std::string ChannelOf(uint32_t column) {
  std::string channel = std::to_string(column);
  channel.insert(0, 32 - channel.size(), 'a');
  return channel;
}

bool TakePage(std::string_view text, uint32_t* page) {
  if (text.empty()) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *page);
  return error == std::errc{} && end == text.data() + text.size() && (text[0] != '0' || text.size() == 1);
}

}  // namespace

bool Pages::IsPosted(uint32_t column) const {
  return world_.options().posted_lists && world_.design() == 0 && world_.columns()[column].kind == ColumnKind::kLabelled;
}

bool Pages::PostedRows(std::string_view form, std::string* json) const {
  uint32_t page = 0, size = 0;
  if (!TakePage(QueryValue(form, "page"), &page) || !TakePage(QueryValue(form, "size"), &size) || page == 0 || size == 0 || size > 100) return false;
  for (uint32_t i = 0; i < world_.columns().size(); ++i) {
    if (!IsPosted(i) || QueryValue(form, "channelId") != ChannelOf(i)) continue;
    const std::vector<uint32_t>& live = world_.columns()[i].live;
    *json = "{\"code\":200,\"data\":{\"total\":" + std::to_string(live.size()) + ",\"results\":[";
    for (size_t k = (page - 1) * size; k < std::min<size_t>(live.size(), static_cast<size_t>(page) * size); ++k) {
      const uint32_t id = live[live.size() - 1 - k];
      if (json->back() == '}') json->push_back(',');
      json->append("{\"title\":");
      AppendJsonString(world_.TitleOf(id), json);
      json->append(",\"url\":\"" + world_.PathOf(id) + "\",\"publishedTimeStr\":\"" + IsoDate(world_.PublishedOf(id)) + "\"}");
    }
    json->append("]}}");
    return true;
  }
  return false;
}

uint32_t Pages::ListPages(uint32_t column) const {
  const auto count = static_cast<uint32_t>(world_.columns()[column].live.size());
  const uint32_t size = world_.options().list_size;
  return std::max<uint32_t>(1, (count + size - 1) / size);
}

std::string Pages::ListPath(uint32_t column_index, uint32_t page) const {
  const Column& column = world_.columns()[column_index];
  const std::string base = "/" + column.slug;
  if (world_.design() > 0) return "/c" + base + (page == 1 ? "/index.html" : "/index_" + std::to_string(page) + ".html");
  switch (column.kind) {
    case ColumnKind::kTrs:
    case ColumnKind::kPolicy:
      return page == 1 ? base + "/index.html" : base + "/index_" + std::to_string(page - 1) + ".html";
    case ColumnKind::kVsb:
      return page == 1 ? base + ".htm" : base + "/" + std::to_string(ListPages(column_index) - page + 1) + ".htm";
    case ColumnKind::kEmpire:
      return page == 1 ? base + "/index.html" : base + "/index_" + std::to_string(page) + ".html";
    default:
      return page == 1 ? base + "/list.html" : base + "/list_" + std::to_string(page) + ".html";
  }
}

bool Pages::FindList(std::string_view path, uint32_t* column, uint32_t* page) const {
  if (world_.design() > 0) {
    if (path.substr(0, 3) != "/c/") return false;
    for (uint32_t i = 0; i < world_.columns().size(); ++i) {
      for (uint32_t number = 1; number <= ListPages(i); ++number) {
        if (path != ListPath(i, number)) continue;
        *column = i;
        *page = number;
        return true;
      }
    }
    return false;
  }
  for (uint32_t i = 0; i < world_.columns().size(); ++i) {
    const std::string& slug = world_.columns()[i].slug;
    if (path.size() <= slug.size() + 1 || path.substr(1, slug.size()) != slug) continue;
    std::string_view rest = path.substr(slug.size() + 1);
    *column = i;
    *page = 1;
    if (rest == "/" || path == ListPath(i, 1)) return true;
    if (IsPosted(i)) continue;
    const bool vsb = world_.columns()[i].kind == ColumnKind::kVsb;
    const size_t mark = vsb ? rest.rfind('/') : rest.rfind('_');
    const size_t dot = rest.rfind('.');
    if (mark == std::string_view::npos || dot == std::string_view::npos || dot <= mark + 1) continue;
    uint32_t number = 0;
    if (!TakePage(rest.substr(mark + 1, dot - mark - 1), &number)) continue;
    const bool trs =
        world_.columns()[i].kind == ColumnKind::kTrs || world_.columns()[i].kind == ColumnKind::kPolicy;
    const uint32_t total = ListPages(i);
    if (vsb && number > total) continue;
    *page = vsb ? total - number + 1 : trs ? number + 1 : number;
    if (*page < 2 || *page > total || ListPath(i, *page) != path) continue;
    return true;
  }
  return false;
}

void Pages::AddPager(uint32_t column, uint32_t page, PageWriter* writer) const {
  const uint32_t total = ListPages(column);
  const std::string count = std::to_string(world_.columns()[column].live.size());
  const auto link = [&](uint32_t to, std::string_view text, std::string_view style) {
    writer->Raw("<span class=\"");
    writer->Raw(style);
    writer->Raw("\"><a href=\"" + ListPath(column, to) + "\">");
    writer->Label(text);
    writer->Raw("</a></span>\n");
  };
  switch (world_.design() > 0 ? ColumnKind::kZoom : world_.columns()[column].kind) {
    case ColumnKind::kTrs:
    case ColumnKind::kPolicy:
      writer->Raw("<div class=\"page\"><script>createPageHTML(" + std::to_string(total) + ", " + std::to_string(page - 1) +
                  ", \"index\", \"html\");</script></div>\n");
      return;
    case ColumnKind::kVsb:
      writer->Raw("<span class=\"p_pages\"><span class=\"p_t\">");
      writer->Label("共" + count + "条");
      writer->Raw("</span>");
      if (page > 1) {
        link(1, "首页", "p_first p_fun");
        link(page - 1, "上页", "p_prev p_fun");
      }
      for (uint32_t i = std::max<uint32_t>(page, 3) - 2; i <= std::min(total, page + 2); ++i) {
        link(i, std::to_string(i), i == page ? "p_no_d" : "p_no");
      }
      if (page < total) {
        link(page + 1, "下页", "p_next p_fun");
        link(total, "尾页", "p_last p_fun");
      }
      writer->Raw("<span class=\"p_t\">" + std::to_string(page) + "/" + std::to_string(total) + "</span></span>\n");
      return;
    default:
      writer->Raw("<div class=\"pages\">");
      writer->Label("共" + count + "条 第" + std::to_string(page) + "/" + std::to_string(total) + "页 ");
      if (page > 1) link(page - 1, "上一页", "prev");
      if (page < total) {
        link(page + 1, "下一页", "next");
        link(total, "尾页", "last");
      }
      writer->Raw("</div>\n");
  }
}

Page Pages::List(uint32_t column_index, uint32_t page_number, bool filled) const {
  const Column& column = world_.columns()[column_index];
  Look look;
  switch (column.kind) {
    case ColumnKind::kZoom:
      look.voice.encoding = Encoding::kGbk;
      look.label = Label::kGb2312;
      break;
    case ColumnKind::kEmpire:
    case ColumnKind::kLabelled:
      look.voice.encoding = Encoding::kGbk;
      look.label = Label::kGbk;
      break;
    case ColumnKind::kTraditional:
      look.voice.encoding = Encoding::kBig5;
      look.voice.traditional = true;
      look.label = Label::kBig5;
      break;
    default:
      break;
  }
  if (world_.options().only_utf8) {
    look.voice.encoding = Encoding::kUtf8;
    look.label = Label::kUtf8;
  }
  const Shell& shell = ShellOf(static_cast<int>(column_index), look.voice, look.label);
  Page page;
  page.content_type = HtmlType(look.label);
  page.gzip = column.kind == ColumnKind::kTrs || column.kind == ColumnKind::kPolicy;
  page.body.reserve(shell.head.size() + shell.top.size() + shell.bottom.size() + 8192);
  PageWriter writer(look.voice, &page.body);
  Open(shell, column.name, "", &writer);
  writer.Raw(shell.top);
  writer.Raw("<div class=\"list\"><h2>");
  writer.Label(column.name);
  writer.Raw("</h2>\n<ul>\n");
  if (IsPosted(column_index)) {
    writer.Raw("</ul>\n<script>var channelId = \"" + ChannelOf(column_index) +
               "\"; function load(page) { $.post(\"/getFileListByCodeId\", {codeId: \"\", channelId: channelId, page: page, size: " +
               std::to_string(world_.options().list_size) + "}, show, \"json\"); }\nload(1);</script></div>\n");
    writer.Raw(shell.bottom);
    return page;
  }
  const size_t count = filled ? column.live.size() : 0;
  const size_t size = world_.options().list_size;
  const bool trs = column.kind == ColumnKind::kTrs || column.kind == ColumnKind::kPolicy;
  const bool counted = world_.options().list_counters && column.kind == ColumnKind::kVsb && world_.design() == 0;
  std::string places, numbers;
  for (size_t i = (page_number - 1) * size; i < std::min(count, page_number * size); ++i) {
    const uint32_t id = column.live[count - 1 - i];
    const std::string title = world_.TitleOf(id);
    std::string path = world_.PathOf(id);
    // TRS writes addresses relative to the list.
    if (trs && world_.design() == 0) path = std::string(".").append(path, column.slug.size() + 1);
    writer.Raw("<li><span class=\"date\">" + IsoDate(world_.PublishedOf(id)) + "</span><a href=\"" + path +
               "\" title=\"");
    writer.Label(title);
    writer.Raw("\">");
    writer.Label(title);
    writer.Raw("</a>");
    if (counted) {
      const std::string number = std::to_string(id + kFirstNumber);
      writer.Raw("<span id=\"dynclicks_u7_" + number + "\"></span>");
      places += (places.empty() ? "'dynclicks_u7_" : ",'dynclicks_u7_") + number + "'";
      numbers += (numbers.empty() ? "" : ",") + number;
    }
    writer.Raw("</li>\n");
  }
  writer.Raw("</ul>\n");
  if (counted && !numbers.empty()) {
    writer.Raw("<script>_showDynClickBatch([" + places + "],[" + numbers + "],\"wbnews\"," + std::string(kOwner) + ")</script>\n");
  }
  if (filled) AddPager(column_index, page_number, &writer);
  writer.Raw("</div>\n");
  writer.Raw(shell.bottom);
  return page;
}

}  // namespace fangzhi::portal
