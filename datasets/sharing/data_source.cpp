#include "datasets/sharing/data_source.hpp"

#include "common/error/error.hpp"
#include "datasets/sharing/data_cache.hpp"

namespace fedgram::datasets {

Dataset DataSource::get(const std::string& name) const
{
    if (!shared_) return load_cached(name, folder_);
    if (shared_->name != name)
        throw DataError{"--data-fd: it holds " + shared_->name + ", the specification wants " + name};
    return *shared_;
}

}  // namespace fedgram::datasets
