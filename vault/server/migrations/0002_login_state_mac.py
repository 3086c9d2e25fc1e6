"""Login states carry a custody MAC. Those of before have none and live a minute: they end here, unproven."""

from typing import Any

from django.db import migrations, models

import vault.server.fields


def end_login_states(apps: Any, schema_editor: Any) -> None:
    apps.get_model("vault", "LoginState").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]

    operations = [
        migrations.RunPython(end_login_states, migrations.RunPython.noop),
        migrations.AddField(
            model_name="loginstate",
            name="mac",
            field=vault.server.fields.BytesField(default=b"", max_length=32),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="loginstate",
            name="epoch",
            field=models.PositiveIntegerField(),
        ),
    ]
