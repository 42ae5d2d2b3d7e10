#include "datasets/sharing/data_source.hpp"

#include "common/error/error.hpp"
#include "datasets/sharing/data_cache.hpp"
#include "datasets/sharing/shared_data.hpp"

namespace fedgram::datasets {

Dataset DataSource::get(const spec::Data& wanted) const
{
    if (!shared_) return load_cached(wanted, folder_);
    if (shared_->name != wanted.dataset)
        throw DataError{"--data-fd: it holds " + shared_->name + ", the specification wants " + wanted.dataset};
    return *shared_;
}

DataSource data_source(const std::optional<std::filesystem::path>& folder, std::optional<int> descriptor)
{
    return descriptor ? DataSource{map_shared_data(*descriptor)} : DataSource{folder};
}

}  // namespace fedgram::datasets
