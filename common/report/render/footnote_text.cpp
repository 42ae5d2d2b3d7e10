#include <string>

#include "common/report/render/text_sections.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

std::string joules_text(const energy::MeterRecord& record)
{
    if (!record.joules) return "missing";
    auto text = (record.gaps.empty() ? "" : "at least ") + text::significant(record.joules->count());
    if (record.low && record.high)
        text += " (" + text::significant(record.low->count()) + " to " + text::significant(record.high->count()) + ")";
    return text;
}

// What meters read of this machine while it simulated. Joules of a device that was only modelled stand above.
std::string meter_section(const Footnotes& notes)
{
    text::TextTable grid;
    grid.add({"Training", "read by", "meter", "boundary", "method", "J"});
    bool any = false;
    std::string gaps;
    for (const auto& host : notes.host)
        for (const auto& record : host.meters) {
            grid.add({host.label, record.process, record.meter, record.boundary, record.method, joules_text(record)});
            any = true;
            for (const auto& gap : record.gaps)
                gaps += host.label + ", " + record.meter + ": nothing for " + text::significant(gap.seconds.count()) +
                        " s: " + gap.reason + "\n";
        }
    if (!any)
        return "Its own energy was not metered; fedgram doctor shows which meters of a machine work, and run --core-w "
               "estimates the nodes' share without one.\n";
    return "\n" + grid.text() + gaps +
           "A machine's meters hold all that ran on it meanwhile, the nodes' estimate their own CPU time alone; none "
           "is "
           "added to another. summary.json has each process's, host.jsonl each node's and round's.\n";
}

// "Updates refused, in no model: fl 2 not_finite, 1 repeated; other 1 wrong_round."
std::string refused_section(const Footnotes& notes)
{
    std::string out;
    for (const auto& [label, updates] : notes.refused) {
        out += (out.empty() ? "\nUpdates refused, in no model: " : "; ") + label;
        bool first = true;
        for (const auto& [reason, count] : updates) {
            out += (first ? " " : ", ") + std::to_string(count) + " " + reason;
            first = false;
        }
    }
    return out.empty() ? out : out + ".\n";
}

}  // namespace

std::string footnote_section(const Footnotes& notes)
{
    std::string out;
    for (const auto& note : notes.run) out += "\n" + note + "\n";
    for (const auto& label : notes.cut_off)
        out += "\nCut off before its end, in no column: " + label + " (fedgram run --resume goes on with it).\n";
    if (notes.wasted_lines > 0)
        out += "\nLost to faults, in no column: " + kilojoules(notes.wasted) + " kJ in " +
               std::to_string(notes.wasted_lines) + " ledger lines.\n";
    out += refused_section(notes);
    if (notes.host.empty()) return out;
    out += "\nThis machine, which simulated (in no column):";
    for (std::size_t i = 0; i < notes.host.size(); ++i)
        out += (i == 0 ? " " : "; ") + notes.host[i].label + " " + text::significant(notes.host[i].cpu_seconds) +
               " CPU s in " + text::significant(notes.host[i].wall_seconds) + " s";
    return out + ".\n" + meter_section(notes);
}

}  // namespace fedgram::report
