#include "common/net/revocation_list.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <tuple>
#include <vector>

namespace fedgram::net {

namespace {

using Crl = std::unique_ptr<X509_CRL, decltype(&::X509_CRL_free)>;

/// Empty for a file that holds none, or isn't there.
std::vector<Crl> read(const std::filesystem::path& file)
{
    const std::unique_ptr<BIO, decltype(&::BIO_free)> stream{::BIO_new_file(file.c_str(), "r"), ::BIO_free};
    std::vector<Crl> lists;
    while (stream) {
        Crl list{::PEM_read_bio_X509_CRL(stream.get(), nullptr, nullptr, nullptr), ::X509_CRL_free};
        if (!list) break;
        lists.push_back(std::move(list));
    }
    ::ERR_clear_error();  // the end of the file is one, too
    return lists;
}

/// What another file at this place, or the same one after a change, would have different. Times are compared and never
/// ordered: a clock may have been set back.
auto identity(const struct ::stat& status)
{
    return std::tuple{status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

}  // namespace

bool RevocationList::has_changed()
{
    struct ::stat status {};
    const bool there = ::stat(file_.c_str(), &status) == 0;
    const bool same = looked_ && there == seen_.has_value() && (!there || identity(*seen_) == identity(status));
    looked_ = true;
    seen_ = there ? std::optional{status} : std::nullopt;
    return !same;
}

std::optional<std::string> RevocationList::bring_into_force(ssl_ctx_st* context)
{
    if (!has_changed()) return std::nullopt;
    const auto lists = read(file_);
    if (lists.empty()) return file_.string() + " holds no revocation list in PEM";
    // A store of its own: in the old one, lists of before would stand beside these.
    std::unique_ptr<X509_STORE, decltype(&::X509_STORE_free)> store{::X509_STORE_new(), ::X509_STORE_free};
    auto* const known = ::X509_STORE_get0_objects(::SSL_CTX_get_cert_store(context));
    for (int i = 0; i < sk_X509_OBJECT_num(known); ++i)
        if (auto* const certificate = ::X509_OBJECT_get0_X509(sk_X509_OBJECT_value(known, i)))
            ::X509_STORE_add_cert(store.get(), certificate);
    for (const auto& list : lists) ::X509_STORE_add_crl(store.get(), list.get());
    ::X509_STORE_set_flags(store.get(), X509_V_FLAG_CRL_CHECK);
    ::SSL_CTX_set_cert_store(context, store.release());
    return std::nullopt;
}

}  // namespace fedgram::net
