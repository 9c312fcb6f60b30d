// Whether a link leads to a document (PDF, Word, archives) rather than to a page: said by its address, or where that says nothing by
// the text of the link. The links of a page and the attachments of its record are told apart by the same rules. Pure, thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "url/url.h"

namespace fangzhi::model {

// By the ending of its file, by a file's name in its query (?name=a.pdf), or by the program that answers: download.jsp?id=3,
// attachment.do, wbfileid=3.
bool IsDocumentAddress(const url::Url& url);
// "附件：名单.doc", "1. 申报表.xls（点击下载）": the text names a file.
bool NamesDocument(std::string_view text);
// By the address; or by the text, where the address has neither an ending nor one of a program that could as well answer a page.
// `text` is what a reader sees of the link.
bool LeadsToDocument(const url::Url& url, std::string_view text);

// The document that a page shows within itself, by the address of its <iframe>, <embed> or <object>: that address, or of a page which is told what to show
// (viewer.html?file=/f/a.pdf) the file's. Sounds and films are none.
std::optional<url::Url> EmbeddedDocument(const url::Url& source);

}  // namespace fangzhi::model
