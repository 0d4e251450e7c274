"""Django application of the files engine."""

from django.apps import AppConfig

from anlan.shell.frame import register_link


class FilesConfig(AppConfig):
    name = "anlan.engines.files"
    label = "files"
    verbose_name = "文件"

    def ready(self) -> None:
        """Offer the page of the own signature."""
        register_link("signature", "我的签名", "/account/signature/")
