#include "experiments/table_files.hpp"

#include <utility>

#include "common/carbon/render.hpp"
#include "common/carbon/run_record.hpp"
#include "common/carbon/table.hpp"
#include "experiments/files.hpp"
#include "experiments/record_lookup.hpp"

namespace fedgram::experiments {

void write_table_files(const std::filesystem::path& run)
{
    using carbon::Format;
    const auto record = carbon::read_run(run);
    std::optional<carbon::PublishedTable> published;
    if (record.accounting.published)
        published = published_table(*record.accounting.published);
    const auto table = carbon::build_table(record, record.accounting, published);
    for (const auto& [ending, format] :
         {std::pair{".txt", Format::text}, std::pair{".md", Format::markdown}, std::pair{".csv", Format::csv},
          std::pair{".json", Format::json}, std::pair{".tex", Format::latex}})
        write_file(run / (std::string{"table"} + ending), carbon::render(table, format, carbon::footnotes(record)));
}

}  // namespace fedgram::experiments
