#include <optional>

#include "common/energy/logs/csv_table.hpp"
#include "common/energy/logs/ended_rows.hpp"
#include "common/energy/logs/forms.hpp"
#include "common/energy/logs/log_builder.hpp"
#include "common/energy/logs/log_number.hpp"
#include "common/energy/logs/log_time.hpp"
#include "common/error/error.hpp"

namespace fedgram::power_logs {

PowerLog read_plain_csv(const std::vector<LogLine>& lines, std::string_view where, const PowerLogOptions& options)
{
    if (options.watts_column.empty() == options.joules_column.empty())
        throw SpecError{"a CSV's column of watts or its column of joules has to be named, and not both"};
    if (const auto heading = lines.front(); heading.text.find(',') == std::string_view::npos)
        heading.refuse(in_quotes(heading.text) +
                       " has no comma; a CSV's heading names its columns, with commas between");
    PowerLog log;
    log.form = LogForm::csv;
    const CsvTable table{lines};
    const bool holds_joules = options.watts_column.empty();
    log.source = holds_joules ? options.joules_column : options.watts_column;
    log.draw = holds_joules ? Draw::averaged : Draw::unknown;

    LogClock clock{options.utc_offset};
    LogBuilder builder;
    std::vector<EndedRow> rows;
    const auto time = table.at(options.time_column);
    const auto value = table.at(log.source);
    table.take_rows(log.notes, [&](const LogLine& line, const CsvFields& fields) {
        table.refuse_cut(line, time);
        const auto at = clock.read(line, options.time_column, fields[time]);
        table.refuse_cut(line, value);
        const bool missing = fields[value].empty();
        if (holds_joules) {
            EndedRow row{line, at, {}, {}};
            if (!missing) row.energy = Joules{not_negative_in(line, log.source, fields[value])};
            rows.push_back(row);
        } else {
            builder.add_sample(line, at,
                               missing ? std::nullopt : std::optional{watts_in(line, log.source, fields[value])});
        }
    });
    log.absolute_time = clock.absolute();
    clock.add_notes(log.notes);
    if (holds_joules) add_ended_rows(rows, {}, options.interval, builder, log.notes);
    builder.finish(log, where);
    return log;
}

}  // namespace fedgram::power_logs
