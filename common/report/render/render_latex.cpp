#include <string>

#include "common/report/render/methods_text.hpp"
#include "common/report/render/reductions_text.hpp"
#include "common/report/render/render.hpp"
#include "common/report/render/set_up.hpp"
#include "common/text/joined.hpp"

namespace fedgram::report {

namespace {

std::string escaped(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
            case '%':
            case '$':
            case '#':
            case '_':
            case '{':
            case '}':
                out += '\\';
                out += c;
                break;
            case '~':
                out += "\\textasciitilde{}";
                break;
            case '^':
                out += "\\textasciicircum{}";
                break;
            case '\\':
                out += "\\textbackslash{}";
                break;
            default:
                out += c;
        }
    }
    return out;
}

// "0.31--1.0", a range in print.
std::string in_print(std::string range)
{
    if (const auto dash = range.find('-'); dash != std::string::npos) range.insert(dash, "-");
    return range;
}

// Beneath a country's cells; nothing where no figure has a band.
std::string band_row(const Table& table, std::size_t country)
{
    std::string row;
    bool any = false;
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
        const auto band = cell_band_text(table, table.cell(country, j));
        any = any || !band.empty();
        row += " & " + in_print(band);
    }
    return any ? "    \\quad low--high" + row + " \\\\\n" : std::string{};
}

// A table of its own; its first two columns are texts, and its last one may hold ranges.
std::string table_of(const std::vector<std::vector<std::string>>& rows, const std::string& caption)
{
    if (rows.empty()) return {};
    std::string out = "\\begin{table}\n  \\centering\n  \\small\n  \\caption{" + escaped(caption) +
                      "}\n  \\begin{tabular}{ll" + std::string(rows.front().size() - 2, 'r') + "}\n    \\toprule\n";
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out += "   ";
        for (std::size_t j = 0; j + 1 < rows[i].size(); ++j) out += (j == 0 ? " " : " & ") + escaped(rows[i][j]);
        out += " & " + in_print(rows[i].back());
        out += i == 0 ? " \\\\\n    \\midrule\n" : " \\\\\n";
    }
    return out + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n";
}

}  // namespace

std::string render_latex(const Table& table)
{
    std::string caption = escaped(table.title());
    caption.append(". Stop rule: ").append(escaped(table.stop_rule));
    caption.append(". Grid: ").append(escaped(grid_note(table)));
    caption.append(". Network: ").append(escaped(network_text(table, table.accounting.network.method)));
    caption.append(". Devices: ").append(devices_text(table));
    for (const auto& note : place_notes(table)) caption.append(". ").append(escaped(note));
    for (const auto& note : not_reached_notes(table)) caption.append(". ").append(escaped(note));
    for (const auto& note : set_up_notes(table)) caption.append(". ").append(escaped(note));

    const auto alike = alike_notes(table);
    if (!alike.empty())
        caption.append(". ").append(alike_heading).append(": ").append(escaped(text::joined_once(alike, "; ")));

    std::string out = "% needs \\usepackage{booktabs}\n\\begin{table}\n  \\centering\n";
    out.append("  \\caption{").append(caption).append(".}\n");
    out.append("  \\begin{tabular}{l").append(table.columns.size(), 'r').append("}\n    \\toprule\n    gCO2e");
    for (const auto& column : table.columns) out += " & " + escaped(column.heading);
    out += " \\\\\n    \\midrule\n";
    for (std::size_t i = 0; i < table.accounting.countries.size(); ++i) {
        out += "    " + escaped(table.accounting.countries[i].name);
        for (std::size_t j = 0; j < table.columns.size(); ++j) out += " & " + cell_text(table, table.cell(i, j));
        out += " \\\\\n" + band_row(table, i);
    }
    const auto models = reduced_models(table);
    const auto joules = request_joules(table);
    const auto pays = request_break_even(table);
    return out + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n" +
           table_of(methods_rows(table), "Federated methods: " + table.title() + ". " + methods_note(table)) +
           table_of(models.rows, "Reduced models. " + models.note) +
           table_of(joules.rows, "Inference. " + joules.note) +
           table_of(request_grams(table).rows, "Emissions of inference.") +
           table_of(pays.rows, "Inferences until the levers have paid. " + pays.note);
}

}  // namespace fedgram::report
