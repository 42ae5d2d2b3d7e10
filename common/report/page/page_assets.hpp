#pragma once

#include <string_view>

// The page's own files, which are part of the program.
namespace fedgram::report::page_assets {

extern const std::string_view skeleton;  ///< page.html
extern const std::string_view style;     ///< page.css
extern const std::string_view charts;    ///< charts.min.js
extern const std::string_view script;    ///< those that scripts.txt lists, in order
extern const std::string_view live;      ///< those that live_scripts.txt lists

}  // namespace fedgram::report::page_assets
