// The body as HTML that may be shown anywhere: an allow-list of elements and attributes, every character escaped, no address
// but http and https. Internal to extract/.
#pragma once

#include <string>

#include "extract/body.h"
#include "extract/page_view.h"
#include "url/url.h"

namespace fangzhi::extract {

// Paragraphs, headings, lists, tables, links and pictures of the chosen lines in reading order; what the text leaves out
// (hidden, controls, frame) is left out here too. Cut at `most` bytes of text and markup, between elements.
std::string CleanHtml(const PageView& view, const BodyChoice& body, const url::Url& base, size_t most = size_t{16} << 20);

// The absolute address of an <img> that is content; empty for icons, spacers, QR codes and what is no address.
std::string ImageAddress(const html::Document& document, html::NodeIndex image, const url::Url& base);

}  // namespace fangzhi::extract
