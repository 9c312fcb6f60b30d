// Which lines of a container are the article's text. Internal to extract/.
#pragma once

#include "extract/body.h"

namespace fangzhi::extract {

// What stands in these is not the text.
inline constexpr uint16_t kNotBody =
    kZoneNavigation | kZoneFooter | kZoneAside | kZoneHeader | kZoneControls | kZoneCrumbs;

// A link with its day beside it is no less a link.
bool IsDatedLink(const Line& line, uint8_t info_score);
// Whether a sentence that is no row's stands right below the headline and its strip.
bool LeadsText(const PageView& view, const InfoLines& info, const TitleChoice& title);

// Picks of body.line_begin to line_end those that are the text, and counts them: without the strip at the head, controls, boxes of
// links, and what stands behind the end. `body.provenance` tells how sure it is that no frame is in the container.
void PickLines(const PageView& view, const InfoLines& info, const TitleChoice& title, BodyChoice& body);
// 核心提示：… between the strip and the element of the text: sentences that nothing but the strip separates from the headline.
void TakeLead(const PageView& view, const InfoLines& info, const TitleChoice& title, BodyChoice& body);

}  // namespace fangzhi::extract
