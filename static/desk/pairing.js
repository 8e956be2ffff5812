// A phone that scanned the pairing QR brings the code behind #: put it into the form, and out of the address.
const code = location.hash.slice(1);
if (/^\d{8}$/.test(code)) {
  document.querySelector('[name="pairing_code"]').value = code;
  document.querySelector('[name="name"]').focus();
  history.replaceState(null, "", location.pathname);
}
