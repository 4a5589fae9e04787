-- A row for each rating of the question that every survey has: what it means, who was rated, by whom.
--
-- The scale is 103 to -103 around 100, which is neutral; classic surveys have 1 (happy), 2 (neutral) and 3 (unhappy).
with rated as (
    select
        ratings.*,
        cast({{ json_text('ratings', 'default_question') }} as {{ dbt.type_int() }}) as score
    from {{ source('freshdesk', 'satisfaction_ratings') }} as ratings
)

select
    rated.id,
    rated.ticket_id,
    rated.survey_id,
    rated.user_id,
    rated.agent_id,
    {{ json_text('agents.contact', 'name') }} as agent_name,
    rated.group_id,
    groups.name as group_name,
    rated.created_at,
    rated.score,
    case
        when rated.score = 1 or rated.score > 100 then 'happy'
        when rated.score = 2 or rated.score = 100 then 'neutral'
        when rated.score = 3 or rated.score < 0 then 'unhappy'
    end as mood,
    rated.feedback
from rated
left join {{ source('freshdesk', 'agents') }} as agents on agents.id = rated.agent_id
left join {{ source('freshdesk', 'groups') }} as groups on groups.id = rated.group_id
