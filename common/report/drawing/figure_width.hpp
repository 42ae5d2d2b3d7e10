#pragma once

namespace fedgram::report {

/// Of a figure in print, in millimetres: one column of a paper, or both.
enum class FigureWidth { one_column = 88, two_columns = 180 };

}  // namespace fedgram::report
