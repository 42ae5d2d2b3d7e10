#pragma once

#include <string_view>

// The page's own files, which are part of the program.
namespace fedgram::report::page_assets {

extern const std::string_view skeleton;        ///< page.html
extern const std::string_view style;           ///< page.css
extern const std::string_view charts;          ///< charts.min.js
extern const std::string_view script;          ///< those that scripts.txt lists, in order
extern const std::string_view several_script;  ///< those of several_scripts.txt
extern const std::string_view sweep_script;    ///< those of sweep_scripts.txt
extern const std::string_view live_script;     ///< those of live_scripts.txt

}  // namespace fedgram::report::page_assets
